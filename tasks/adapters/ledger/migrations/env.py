"""Run by alembic inside the transaction that `tasks.adapters.ledger.upgrade` has begun."""

from alembic import context

from tasks.adapters.ledger.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
