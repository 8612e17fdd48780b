"""Documents that were sealed before there was a ledger get their entries, once."""

from django.db import migrations
from django.utils import timezone


def record(apps, schema_editor):
    if not apps.get_model("documents", "SealedDocument").objects.exists():
        return
    from betterwork.foundation.documents.services import documents_without_an_entry_record

    documents_without_an_entry_record(at=timezone.now())


class Migration(migrations.Migration):

    dependencies = [("documents", "0001_initial"), ("ledger", "0001_initial")]

    operations = [migrations.RunPython(record, migrations.RunPython.noop)]
