"""Submissions are rows with their content, so a decision no longer keeps what it was made on.

Each submission that an application or a decision remembers becomes a row. Their content has the
format 1 of ``states.submissions``. A former content without a decision is not known any more.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import context, op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_AT_ONCE = 500
_Json = dict[str, Any]


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


_MOMENTS = {"at", "submitted_at", "decided_at"}


def _table(name: str, *columns: str) -> sa.TableClause:
    moment = sa.DateTime(timezone=True)
    return sa.table(
        name, *(sa.column(one, moment) if one in _MOMENTS else sa.column(one) for one in columns)
    )


_PEOPLE = _table("people", "id", "identity")
_APPLICATIONS = _table(
    *("applications", "id", "person_id", "exam", "area", "site", "answers", "form_version"),
    *("revision", "photo", "materials", "submitted_at"),
)
_DECISIONS = _table("verdicts", "id", "application_id", "revision", "decided_at", "seen")
_SUBMISSIONS = _table(
    *("submissions", "application_id", "number", "changes", "content_hash", "content", "at")
)
_SUBMITTED = _APPLICATIONS.c.revision > 0


def upgrade() -> None:
    op.create_table(
        "submissions",
        sa.Column("application_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("changes", sa.SmallInteger(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _moment("at"),
        _moment("withdrawn_at", nullable=True),
        sa.PrimaryKeyConstraint("application_id", "number", name="pk_submissions"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name="fk_submissions_application_id"
        ),
    )
    op.add_column("applications", sa.Column("former", sa.LargeBinary(), nullable=True))
    for rows in _batches(_APPLICATIONS, _SUBMITTED, _APPLICATIONS.c.id):
        op.bulk_insert(_SUBMISSIONS, [row for one in _submissions(rows) for row in one])
    op.drop_column("verdicts", "seen")


def downgrade() -> None:
    op.add_column("verdicts", sa.Column("seen", sa.LargeBinary(), nullable=True))
    seen = sa.update(_DECISIONS).where(_DECISIONS.c.id == sa.bindparam("of"))
    for rows in _batches(_DECISIONS, sa.true(), _DECISIONS.c.id):
        op.get_bind().execute(seen.values(seen=sa.bindparam("what")), list(_seen(rows)))
    with op.batch_alter_table("verdicts") as batch:
        batch.alter_column("seen", existing_type=sa.LargeBinary(), nullable=False)
    op.drop_table("submissions")
    op.drop_column("applications", "former")


class _Content(NamedTuple):
    number: int
    at: Any
    content: bytes


def _batches(
    table: sa.TableClause, condition: sa.ColumnElement[bool], key: sa.ColumnElement[Any]
) -> Iterator[list[Any]]:
    """Yield all rows of a table in its order, a batch at a time."""
    last = 0
    while True:
        query = sa.select(table).where(condition, key > last).order_by(key).limit(_AT_ONCE)
        rows = list(op.get_bind().execute(query))
        if not rows:
            return
        yield rows
        last = rows[-1].id


def _submissions(filed: list[Any]) -> Iterator[list[_Json]]:
    """Yield the rows of each application's submissions."""
    owners = _by_id(_PEOPLE, [one.person_id for one in filed])
    decided: dict[int, list[Any]] = {}
    of_these = _DECISIONS.c.application_id.in_([one.id for one in filed])
    for row in op.get_bind().execute(sa.select(_DECISIONS).where(of_these).order_by("id")):
        decided.setdefault(row.application_id, []).append(row)
    for one in filed:
        yield _numbered(one, _contents(one, owners[one.person_id], decided.get(one.id, [])))


def _contents(filed: Any, owner: Any, decided: list[Any]) -> list[_Content]:
    """Return the contents that are known, by the number of their submission."""
    place = f"applications/{filed.id}"
    answers = _open(filed.answers, place)
    if filed.site:
        answers.setdefault("site", filed.site)
    files = _open(filed.materials, f"{place}/materials") if filed.materials else {}
    known = {file[0]: file for kept in files.values() for file in kept}
    person = _open(owner.identity, f"people/{owner.id}")

    def content(answers: _Json, files: _Json, photo: str | None) -> bytes:
        reference = answers.get("education")
        identity = {key: person[key] for key in ("name", "id_type", "id_number", "sex", "born")}
        whole = {
            "format": 1,
            "exam": filed.exam,
            "form_version": filed.form_version,
            "area": filed.area,
            "identity": identity,
            "answers": answers,
            "record": person["education"][int(reference) - 1] if reference else {},
            "photo": photo,
            "materials": {code: kept for code, kept in files.items() if kept},
        }
        return json.dumps(whole, sort_keys=True, separators=(",", ":")).encode("ascii")

    found = {filed.revision: _Content(
        filed.revision, filed.submitted_at, content(answers, files, filed.photo)
    )}  # fmt: skip
    for one in decided:  # the candidate may have corrected it since
        seen = _open(one.seen, f"verdicts/{one.id}/seen")
        then = {
            code: [known.get(blob, [blob, "", 0]) for blob in kept]
            for code, kept in seen["files"].items()
        }
        at = filed.submitted_at if one.revision == filed.revision else one.decided_at
        found[one.revision] = _Content(
            one.revision, at, content(seen["answers"], then, seen["photo"])
        )
    return [found[number] for number in sorted(found)]


def _numbered(filed: Any, contents: list[_Content]) -> list[_Json]:
    """Return an application's rows, which count those with another content."""
    rows: list[_Json] = []
    changes, last = 0, ""
    for one in contents:
        hashed = _keyring().hash("submission", one.content)
        changes, last = changes + (hashed != last), hashed
        sealed = _keyring().encrypt(one.content, f"submissions/{filed.id}/{one.number}")
        rows.append(
            {
                "application_id": filed.id,
                "number": one.number,
                "changes": changes,
                "content_hash": hashed,
                "content": sealed,
                "at": one.at,
            }
        )
    return rows


def _seen(decided: list[Any]) -> Iterator[_Json]:
    """Yield for each decision the content that it was made on, as version 5 kept it."""
    ids = [one.application_id for one in decided]
    query = sa.select(_SUBMISSIONS).where(_SUBMISSIONS.c.application_id.in_(ids))
    rows = {(row.application_id, row.number): row for row in op.get_bind().execute(query)}
    for one in decided:
        seen: _Json = {"answers": {}, "files": {}, "photo": None}
        if (row := rows.get((one.application_id, one.revision))) is not None:
            whole = _open(row.content, f"submissions/{row.application_id}/{row.number}")
            files = {code: [file[0] for file in kept] for code, kept in whole["materials"].items()}
            seen = {"answers": whole["answers"], "files": files, "photo": whole["photo"]}
        sealed = _keyring().encrypt(json.dumps(seen).encode(), f"verdicts/{one.id}/seen")
        yield {"of": one.id, "what": sealed}


def _by_id(table: sa.TableClause, ids: list[int]) -> dict[int, Any]:
    query = sa.select(table).where(table.c.id.in_(ids))
    return {row.id: row for row in op.get_bind().execute(query)}


def _open(sealed: bytes, place: str) -> _Json:
    opened: _Json = json.loads(_keyring().decrypt(sealed, place))
    return opened


def _keyring() -> Any:
    keyring = context.config.attributes["keyring"]
    if keyring is None:
        raise LookupError("the migration of encrypted rows needs the keys of the database")
    return keyring
