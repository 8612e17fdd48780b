"""Our backend of django-tasks: what ``@task`` and ``.enqueue`` mean here."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist

from betterwork.core.errors import WrongUse
from betterwork.foundation.jobs.declaring import JobTask, task_called
from betterwork.foundation.jobs.rules import CANCELLED, DONE, FAILED, RUNNING, WAITING

_STATUS = {
    WAITING: TaskResultStatus.READY,
    RUNNING: TaskResultStatus.RUNNING,
    DONE: TaskResultStatus.SUCCESSFUL,
    FAILED: TaskResultStatus.FAILED,
    CANCELLED: TaskResultStatus.FAILED,
}


class JobsBackend(BaseTaskBackend):
    """Keeps jobs in the table of this room. Models are imported when used: tasks are declared before they are ready."""

    task_class = JobTask
    supports_defer = True
    supports_get_result = True
    supports_priority = True

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> TaskResult[Any]:
        """Enqueue on behalf of the platform. With an actor or a key: :func:`services.job_enqueue`."""
        from betterwork.foundation.jobs.services import job_enqueue

        if args:
            raise WrongUse(f"{task.name}: name the arguments")
        self.validate_task(task)
        job = job_enqueue(task=task, arguments=kwargs, due_at=task.run_after, at=timezone.now())
        return self.get_result(str(job.pk))

    def get_result(self, result_id: str) -> TaskResult[Any]:
        """How a job stands. Raises TaskResultDoesNotExist."""
        from betterwork.foundation.jobs.models import Job

        try:
            job = Job.objects.get(pk=UUID(str(result_id)))
        except (Job.DoesNotExist, ValueError) as error:
            raise TaskResultDoesNotExist(result_id) from error
        result: TaskResult[Any] = TaskResult(
            task=task_called(job.task),
            id=str(job.pk),
            status=_STATUS[job.state],
            enqueued_at=job.enqueued_at,
            started_at=job.started_at,
            finished_at=job.finished_at,
            last_attempted_at=job.started_at,
            args=[],
            kwargs=job.arguments,
            backend=self.alias,
            errors=[],
            worker_ids=[str(number + 1) for number in range(job.attempt)],
        )
        object.__setattr__(result, "_return_value", job.result)
        return result
