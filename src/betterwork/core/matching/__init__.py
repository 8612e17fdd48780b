"""Whether two records of factories may be of one: how names and addresses are read, compared and weighed. Pure."""
