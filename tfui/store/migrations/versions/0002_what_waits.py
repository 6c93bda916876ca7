"""An index over the dependencies that are pending, so that a job's end need not look for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_PENDING = sa.text("status = 'pending'")


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_job_dependency_pending",
        "job_dependency",
        ["parent_job_id"],
        sqlite_where=_PENDING,
        postgresql_where=_PENDING,
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_job_dependency_pending", table_name="job_dependency")
