"""The cases desk: the decision on a case, its reason, and MACs."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_NEW = ("outcome", "decided_by", "decided_at", "effective_at", "answer", "mac")


def upgrade() -> None:
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("outcome", sa.String(length=20), nullable=True))
        cases.add_column(sa.Column("decided_by", sa.BigInteger(), nullable=True))
        cases.add_column(sa.Column("decided_at", _MOMENT, nullable=True))
        cases.add_column(sa.Column("effective_at", _MOMENT, nullable=True))
        cases.add_column(sa.Column("answer", sa.LargeBinary(), nullable=True))
        cases.add_column(sa.Column("mac", sa.String(length=64), nullable=True))
        cases.create_foreign_key("fk_cases_decided_by", "seats", ["decided_by"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("cases") as cases:
        cases.drop_constraint("fk_cases_decided_by", type_="foreignkey")
        for column in _NEW:
            cases.drop_column(column)
