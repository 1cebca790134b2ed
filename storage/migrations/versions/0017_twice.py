"""Assessments of submissions, people who may be there twice, and decisions that are read again."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_CASE = ("other_id", "kept_id", "asked_by", "asked_at")
_APPLICATIONS = sa.table(
    "applications", sa.column("person_id", sa.BigInteger()), sa.column("submitted_at", _MOMENT)
)
_JOBS = sa.table(
    "jobs",
    *(sa.column(name) for name in ("kind", "key", "person_id", "state", "attempts")),
    sa.column("run_at", _MOMENT),
)
_LIKENESS = "likeness"
"""The kind of the jobs that look for a person's other accounts."""


def upgrade() -> None:
    op.add_column("submissions", sa.Column("assessment", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("other_id", sa.BigInteger(), nullable=True))
        cases.add_column(sa.Column("kept_id", sa.BigInteger(), nullable=True))
        cases.add_column(sa.Column("asked_by", sa.BigInteger(), nullable=True))
        cases.add_column(sa.Column("asked_at", _MOMENT, nullable=True))
        cases.create_foreign_key("fk_cases_other_id", "people", ["other_id"], ["id"])
        cases.create_foreign_key("fk_cases_asked_by", "seats", ["asked_by"], ["id"])
        cases.create_index("ix_cases_other_id", ["other_id"])
    op.create_table(
        "identity_digests",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("digest", "person_id", name="pk_identity_digests"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_identity_digests_person_id"),
    )
    op.create_index("ix_identity_digests_person_id", "identity_digests", ["person_id"])
    op.create_table(
        "spot_checks",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("desk", sa.String(length=20), nullable=False),
        sa.Column("approving", sa.Boolean(), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("drawn_at", _MOMENT, nullable=False),
        sa.Column("second_id", sa.BigInteger(), nullable=True),
        sa.Column("second_approving", sa.Boolean(), nullable=True),
        sa.Column("second_at", _MOMENT, nullable=True),
        sa.Column("second_words", sa.LargeBinary(), nullable=True),
        sa.Column("third_id", sa.BigInteger(), nullable=True),
        sa.Column("third_approving", sa.Boolean(), nullable=True),
        sa.Column("third_at", _MOMENT, nullable=True),
        sa.Column("third_words", sa.LargeBinary(), nullable=True),
        sa.Column("taken_by", sa.BigInteger(), nullable=True),
        sa.Column("taken_at", _MOMENT, nullable=True),
        sa.Column("mac", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_spot_checks"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name="fk_spot_checks_application_id"
        ),
        *(
            sa.ForeignKeyConstraint([name], ["seats.id"], name=f"fk_spot_checks_{name}")
            for name in ("first_id", "second_id", "third_id", "taken_by")
        ),
    )
    op.create_index("ix_spot_checks_application_id", "spot_checks", ["application_id"])
    _look_for_everybody()


def _look_for_everybody() -> None:
    """Enqueue a job for each person who has submitted: the digests of older rows come by it.

    They are due since the submission: the sandbox's clock may stand before the real time.
    """
    person_id, submitted_at = _APPLICATIONS.c.person_id, _APPLICATIONS.c.submitted_at
    theirs = sa.select(
        sa.literal(_LIKENESS),
        sa.cast(person_id, sa.String()),
        person_id,
        sa.literal("waiting"),
        sa.literal(0),
        sa.func.max(submitted_at),
    )
    theirs = theirs.where(submitted_at.is_not(None)).group_by(person_id)
    columns = ["kind", "key", "person_id", "state", "attempts", "run_at"]
    op.get_bind().execute(sa.insert(_JOBS).from_select(columns, theirs))


def downgrade() -> None:
    op.get_bind().execute(sa.delete(_JOBS).where(_JOBS.c.kind == _LIKENESS))
    op.drop_table("spot_checks")
    op.drop_table("identity_digests")
    with op.batch_alter_table("cases") as cases:
        cases.drop_index("ix_cases_other_id")
        cases.drop_constraint("fk_cases_other_id", type_="foreignkey")
        cases.drop_constraint("fk_cases_asked_by", type_="foreignkey")
        for column in _CASE:
            cases.drop_column(column)
    op.drop_column("submissions", "assessment")
