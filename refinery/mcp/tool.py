"""What a tool is: its name and words, what it takes, what it answers, and who does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from refinery.mcp.call import Call
from refinery.typed import Any
from refinery.values import StrEnum, dataclass, field

Schema = Mapping[str, Any]
Document = Mapping[str, Any] | list[Any]


class Effect(StrEnum):
    """What calling it does to the queue."""

    READS = "reads"
    CHANGES = "changes"
    CHANGES_ONCE = "changes once"
    """Calling it again with the same arguments changes nothing more."""


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool, which answers as the command of the same name does with `--json`."""

    name: str
    title: str
    words: str
    run: Callable[[Call], Document]
    takes: Mapping[str, Schema] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    effect: Effect = Effect.READS

    @property
    def input_schema(self) -> dict[str, Any]:
        """What it takes; anything else is refused."""
        return _object({name: {**each} for name, each in self.takes.items()}, needs=self.needs)

    @property
    def output_schema(self) -> dict[str, Any]:
        """The schema of the command's answer, without its words.

        A client may show all of it to its model, and the words are as long as the rest.
        """
        from refinery.answers.schema import schema_of

        schema: dict[str, Any] = _bare(schema_of(self.name))
        if schema["type"] == "object":
            return schema
        whole = _object({self.name: schema}, needs=(self.name,))
        definitions = schema.pop("$defs", None)
        return {**whole, "$defs": definitions} if definitions else whole

    def result(self, document: Document) -> dict[str, Any]:
        """The answer as the object that the protocol wants: a list goes under the tool's name."""
        return {self.name: document} if isinstance(document, list) else dict(document)


def _object(properties: dict[str, Any], *, needs: tuple[str, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [*needs],
        "additionalProperties": False,
    }


def _bare(schema: Any) -> Any:
    """Without descriptions, and without the dialect, since some clients know but their own."""
    if isinstance(schema, list):
        return [_bare(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: _bare(each) for name, each in value.items()}
        if key in ("properties", "$defs")
        else _bare(value)
        for key, value in schema.items()
        if key not in ("$schema", "$id", "title", "description")
    }
