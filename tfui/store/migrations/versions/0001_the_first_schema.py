"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tfui.model.columns import Identifier, JsonColumn, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_LIVE = "status = 'blocked' OR status = 'queued' OR status = 'running'"
_UNCLAIMED = (
    "status = 'queued' AND (wait_reason = 'due_at' OR wait_reason = 'jitter'"
    " OR wait_reason = 'retry' OR wait_reason = 'no_worker')"
)

_UNDEALT = (
    "waived_at IS NULL AND reason IN ('missed_down', 'missed_sleep', 'missed_clock_step', "
    "'missed_cap', 'missed_deadline')"
)
_CROWDED_OUT = "reason IN ('skip_overlap', 'shed_rate')"


def upgrade() -> None:
    op.create_table(
        "attempt",
        sa.Column("job_id", Identifier(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("node_id", Identifier(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("job_id", "fence", name=op.f("pk_attempt")),
    )
    op.create_table(
        "job",
        sa.Column("id", Identifier(), nullable=False),
        sa.Column("organization_id", Identifier(), nullable=False),
        sa.Column("queue_id", Identifier(), nullable=False),
        sa.Column("scheduled_job_id", Identifier(), nullable=True),
        sa.Column("nominal_at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("job_type", sa.String(length=100), nullable=False),
        sa.Column("payload", JsonColumn, nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("available_at", UtcDateTime(), nullable=False),
        sa.Column("wait_reason", sa.String(length=20), nullable=True),
        sa.Column("lease_owner", Identifier(), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("cancel_requested_at", UtcDateTime(), nullable=True),
        sa.Column("cancelled_by", sa.String(), nullable=True),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(
            "ix_job_leased",
            ["lease_until"],
            unique=False,
            sqlite_where=sa.text("status = 'running'"),
            postgresql_where=sa.text("status = 'running'"),
        )
        batch_op.create_index(
            "ix_job_live",
            ["scheduled_job_id"],
            unique=False,
            sqlite_where=sa.text(_LIVE),
            postgresql_where=sa.text(_LIVE),
        )
        batch_op.create_index(
            "ix_job_unclaimed",
            ["available_at"],
            unique=False,
            sqlite_where=sa.text(_UNCLAIMED),
            postgresql_where=sa.text(_UNCLAIMED),
        )
        batch_op.create_index(
            "uq_job_occurrence", ["scheduled_job_id", "nominal_at", "kind"], unique=True
        )

    op.create_table(
        "job_dependency",
        sa.Column("id", Identifier(), nullable=False),
        sa.Column("parent_job_id", Identifier(), nullable=False),
        sa.Column("child_job_id", Identifier(), nullable=False),
        sa.Column("dependency_type", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("resolved_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_dependency")),
        sa.UniqueConstraint(
            "parent_job_id",
            "child_job_id",
            name=op.f("uq_job_dependency_parent_job_id_child_job_id"),
        ),
    )
    with op.batch_alter_table("job_dependency", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_job_dependency_child_job_id"), ["child_job_id"], unique=False
        )
        batch_op.create_index(
            "ix_job_dependency_pending",
            ["parent_job_id"],
            unique=False,
            sqlite_where=sa.text("status = 'pending'"),
            postgresql_where=sa.text("status = 'pending'"),
        )

    op.create_table(
        "journal",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("organization_id", Identifier(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("via", sa.String(length=20), nullable=False),
        sa.Column("verb", sa.String(length=50), nullable=False),
        sa.Column("subject_type", sa.String(length=20), nullable=False),
        sa.Column("subject_id", Identifier(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("batch_id", Identifier(), nullable=False),
        sa.Column("before", JsonColumn, nullable=True),
        sa.Column("after", JsonColumn, nullable=True),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("delivered_at", UtcDateTime(), nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index(
            "ix_journal_subject", ["subject_type", "subject_id", "id"], unique=False
        )

    head = op.create_table(
        "journal_head",
        sa.Column("entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_journal_head")),
    )
    op.bulk_insert(head, [{"entry_id": 0, "hash": "0" * 64, "at": None}])

    op.create_table(
        "node",
        sa.Column("id", Identifier(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("heartbeat_at", UtcDateTime(), nullable=False),
        sa.Column("stopped_at", UtcDateTime(), nullable=True),
        sa.Column("figures", JsonColumn, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_node")),
    )
    with op.batch_alter_table("node", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_node_heartbeat_at"), ["heartbeat_at"], unique=False)

    op.create_table(
        "occurrence",
        sa.Column("id", Identifier(), nullable=False),
        sa.Column("scheduled_job_id", Identifier(), nullable=False),
        sa.Column("from_at", UtcDateTime(), nullable=False),
        sa.Column("to_at", UtcDateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("waived_at", UtcDateTime(), nullable=True),
        sa.Column("waived_by", sa.String(), nullable=True),
        sa.Column("waive_note", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrence")),
    )
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.create_index("ix_occurrence_range", ["scheduled_job_id", "to_at"], unique=False)
        batch_op.create_index(
            "ix_occurrence_undealt",
            ["to_at"],
            unique=False,
            sqlite_where=sa.text(_UNDEALT),
            postgresql_where=sa.text(_UNDEALT),
        )
        batch_op.create_index(
            "ix_occurrence_crowded_out",
            ["to_at"],
            unique=False,
            sqlite_where=sa.text(_CROWDED_OUT),
            postgresql_where=sa.text(_CROWDED_OUT),
        )

    op.create_table(
        "organization",
        sa.Column("id", Identifier(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization")),
        sa.UniqueConstraint("name", name=op.f("uq_organization_name")),
    )
    op.create_table(
        "output",
        sa.Column("job_id", Identifier(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("stream", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("job_id", "fence", "seq", name=op.f("pk_output")),
    )
    op.create_table(
        "rate_start",
        sa.Column("id", Identifier(), nullable=False),
        sa.Column("organization_id", Identifier(), nullable=False),
        sa.Column("job_type", sa.String(length=100), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_start")),
    )
    with op.batch_alter_table("rate_start", schema=None) as batch_op:
        batch_op.create_index(
            "ix_rate_start_window", ["organization_id", "job_type", "at"], unique=False
        )

    op.create_table(
        "queue",
        sa.Column("id", Identifier(), nullable=False),
        sa.Column("organization_id", Identifier(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("concurrency", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("paused_at", UtcDateTime(), nullable=True),
        sa.Column("paused_by", sa.String(), nullable=True),
        sa.Column("pause_note", sa.String(), nullable=True),
        sa.Column("paused_until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_queue_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_queue_organization_id_name")),
    )
    op.create_table(
        "rate_limit",
        sa.Column("id", Identifier(), nullable=False),
        sa.Column("organization_id", Identifier(), nullable=False),
        sa.Column("job_type", sa.String(length=100), nullable=True),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_rate_limit_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_limit")),
        sa.UniqueConstraint(
            "organization_id", "job_type", name=op.f("uq_rate_limit_organization_id_job_type")
        ),
    )
    op.create_table(
        "user",
        sa.Column("id", Identifier(), nullable=False),
        sa.Column("organization_id", Identifier(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("disabled_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_user_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_user_organization_id_name")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", Identifier(), nullable=False),
        sa.Column("user_id", Identifier(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("last_used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_api_token_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_user_id"), ["user_id"], unique=False)

    op.create_table(
        "scheduled_job",
        sa.Column("id", Identifier(), nullable=False),
        sa.Column("organization_id", Identifier(), nullable=False),
        sa.Column("queue_id", Identifier(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("search_text", sa.String(length=500), nullable=False),
        sa.Column("schedule_type", sa.String(length=20), nullable=False),
        sa.Column("schedule_expression", sa.String(length=1000), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("job_type", sa.String(length=100), nullable=False),
        sa.Column("payload", JsonColumn, nullable=False),
        sa.Column("metadata", JsonColumn, nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("max_runs", sa.Integer(), nullable=True),
        sa.Column("runs_count", sa.Integer(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=True),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.Column("on_missed", sa.String(length=20), nullable=False),
        sa.Column("catchup_window_seconds", sa.Integer(), nullable=False),
        sa.Column("max_catchup", sa.Integer(), nullable=False),
        sa.Column("grace_seconds", sa.Integer(), nullable=False),
        sa.Column("overlap", sa.String(length=20), nullable=False),
        sa.Column("jitter_seconds", sa.Integer(), nullable=False),
        sa.Column("timeout_seconds", sa.Float(), nullable=True),
        sa.Column("retry_base_seconds", sa.Float(), nullable=False),
        sa.Column("retry_factor", sa.Float(), nullable=False),
        sa.Column("retry_cap_seconds", sa.Float(), nullable=False),
        sa.Column("retry_on", JsonColumn, nullable=True),
        sa.Column("no_retry_on", JsonColumn, nullable=True),
        sa.Column("pause_after_failures", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("status_note", sa.String(), nullable=True),
        sa.Column("paused_at", UtcDateTime(), nullable=True),
        sa.Column("paused_by", sa.String(), nullable=True),
        sa.Column("pause_note", sa.String(), nullable=True),
        sa.Column("paused_until", UtcDateTime(), nullable=True),
        sa.Column("anchor_at", UtcDateTime(), nullable=False),
        sa.Column("effective_at", UtcDateTime(), nullable=False),
        sa.Column("cursor_at", UtcDateTime(), nullable=False),
        sa.Column("next_run_at", UtcDateTime(), nullable=True),
        sa.Column("last_run_at", UtcDateTime(), nullable=True),
        sa.Column("job_id", Identifier(), nullable=True),
        sa.Column("last_outcome", sa.String(length=20), nullable=True),
        sa.Column("consecutive_failures", sa.Integer(), nullable=False),
        sa.Column("creation_failures", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_by", Identifier(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_scheduled_job_organization_id")
        ),
        sa.ForeignKeyConstraint(["queue_id"], ["queue.id"], name=op.f("fk_scheduled_job_queue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduled_job")),
    )
    with op.batch_alter_table("scheduled_job", schema=None) as batch_op:
        batch_op.create_index(
            "ix_scheduled_job_due",
            ["next_run_at"],
            unique=False,
            sqlite_where=sa.text("status = 'active' AND deleted_at IS NULL"),
            postgresql_where=sa.text("status = 'active' AND deleted_at IS NULL"),
        )
        batch_op.create_index(
            "ix_scheduled_job_listing",
            [
                "organization_id",
                "deleted_at",
                "name",
                "status",
                "last_outcome",
                "id",
                "search_text",
            ],
            unique=False,
        )
        batch_op.create_index(
            "ix_scheduled_job_paused_until",
            ["paused_until"],
            unique=False,
            sqlite_where=sa.text(
                "status = 'paused' AND deleted_at IS NULL AND paused_until IS NOT NULL"
            ),
            postgresql_where=sa.text(
                "status = 'paused' AND deleted_at IS NULL AND paused_until IS NOT NULL"
            ),
        )
        batch_op.create_index(batch_op.f("ix_scheduled_job_queue_id"), ["queue_id"], unique=False)
        batch_op.create_index(
            "uq_scheduled_job_name",
            ["organization_id", "name"],
            unique=True,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.create_table(
        "schedule_dependency",
        sa.Column("id", Identifier(), nullable=False),
        sa.Column("parent_id", Identifier(), nullable=False),
        sa.Column("child_id", Identifier(), nullable=False),
        sa.Column("dependency_type", sa.String(length=20), nullable=False),
        sa.Column("window_seconds", sa.Integer(), nullable=True),
        sa.Column("is_chained", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["scheduled_job.id"], name=op.f("fk_schedule_dependency_child_id")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["scheduled_job.id"], name=op.f("fk_schedule_dependency_parent_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_dependency")),
        sa.UniqueConstraint(
            "parent_id", "child_id", name=op.f("uq_schedule_dependency_parent_id_child_id")
        ),
    )
    with op.batch_alter_table("schedule_dependency", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_schedule_dependency_child_id"), ["child_id"], unique=False
        )
    # Autogeneration cannot reflect an index on an expression, so this one is spelled by hand.
    op.create_index(
        "ix_job_claimable",
        "job",
        ["queue_id", sa.text("priority DESC"), "available_at", "id"],
        sqlite_where=sa.text("status = 'queued'"),
        postgresql_where=sa.text("status = 'queued'"),
    )
