"""Tests of the whole house and what the test run itself needs."""
