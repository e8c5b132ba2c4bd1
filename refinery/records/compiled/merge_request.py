"""Made from schemas/merge-request.schema.json by tools/compile_schemas.py; do not edit."""
# ruff: noqa
# mypy: ignore-errors

from refinery.records.compiled import BrokenRule, Patterns

FORMAT = 1
SINCE = (1, {})

REGEX_PATTERNS = Patterns({
    '^[0-9a-f]{16}$': '^[0-9a-f]{16}\\Z',
    '^[a-z]+#[A-Za-z0-9._/-]+$': '^[a-z]+#[A-Za-z0-9._/-]+\\Z',
    '^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,6})?Z$': '^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,6})?Z\\Z',
    '^[^\\x00-\\x1f\\x7f]+$': '^[^\\x00-\\x1f\\x7f]+\\Z',
    '^[^\\x00-\\x08\\x0a-\\x1f\\x7f]*$': '^[^\\x00-\\x08\\x0a-\\x1f\\x7f]*\\Z',
    '^[0-9a-f]{40}([0-9a-f]{24})?$': '^[0-9a-f]{40}([0-9a-f]{24})?\\Z',
    '^(?!-)[^\\x00-\\x20\\x7f~^:?*\\[\\\\]+$': '^(?!-)[^\\x00-\\x20\\x7f~^:?*\\[\\\\]+\\Z',
    '^[a-z][a-z0-9]*(-[a-z0-9]+)+$': '^[a-z][a-z0-9]*(-[a-z0-9]+)+\\Z'
})

NoneType = type(None)

def validate(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (dict)):
        raise BrokenRule("" + (name_prefix or "data") + " must be object")
    data_is_dict = isinstance(data, dict)
    if data_is_dict:
        data__missing_keys = set(['version', 'id', 'branch', 'target', 'head', 'status', 'priority', 'title', 'worker', 'created_at', 'submitted_at', 'retry_count']) - data.keys()
        if data__missing_keys:
            raise BrokenRule("" + (name_prefix or "data") + " must contain ")
        data_keys = set(data.keys())
        if "version" in data_keys:
            data_keys.remove("version")
            data__version = data["version"]
            if not (isinstance(data__version, (int, float)) and not isinstance(data__version, bool) and data__version == 1):
                raise BrokenRule("" + (name_prefix or "data") + ".version must be one of [1]")
        if "id" in data_keys:
            data_keys.remove("id")
            data__id = data["id"]
            validate____defs_id(data__id, custom_formats, (name_prefix or "data") + ".id")
        if "branch" in data_keys:
            data_keys.remove("branch")
            data__branch = data["branch"]
            validate____defs_branch(data__branch, custom_formats, (name_prefix or "data") + ".branch")
        if "target" in data_keys:
            data_keys.remove("target")
            data__target = data["target"]
            validate____defs_branch(data__target, custom_formats, (name_prefix or "data") + ".target")
        if "head" in data_keys:
            data_keys.remove("head")
            data__head = data["head"]
            validate____defs_sha(data__head, custom_formats, (name_prefix or "data") + ".head")
        if "status" in data_keys:
            data_keys.remove("status")
            data__status = data["status"]
            if not (isinstance(data__status, str) and data__status == 'open' or isinstance(data__status, str) and data__status == 'closed'):
                raise BrokenRule("" + (name_prefix or "data") + ".status must be one of ['open', 'closed']")
        if "priority" in data_keys:
            data_keys.remove("priority")
            data__priority = data["priority"]
            if not isinstance(data__priority, (int)) and not (isinstance(data__priority, float) and data__priority.is_integer()) or isinstance(data__priority, bool):
                raise BrokenRule("" + (name_prefix or "data") + ".priority must be integer")
            if isinstance(data__priority, (int, float)) and not isinstance(data__priority, bool):
                if data__priority < 0:
                    raise BrokenRule("" + (name_prefix or "data") + ".priority must be bigger than or equal to 0")
                if data__priority > 4:
                    raise BrokenRule("" + (name_prefix or "data") + ".priority must be smaller than or equal to 4")
        if "title" in data_keys:
            data_keys.remove("title")
            data__title = data["title"]
            validate____defs_line(data__title, custom_formats, (name_prefix or "data") + ".title")
        if "worker" in data_keys:
            data_keys.remove("worker")
            data__worker = data["worker"]
            validate____defs_name(data__worker, custom_formats, (name_prefix or "data") + ".worker")
        if "created_at" in data_keys:
            data_keys.remove("created_at")
            data__createdat = data["created_at"]
            validate____defs_time(data__createdat, custom_formats, (name_prefix or "data") + ".created_at")
        if "submitted_at" in data_keys:
            data_keys.remove("submitted_at")
            data__submittedat = data["submitted_at"]
            validate____defs_time(data__submittedat, custom_formats, (name_prefix or "data") + ".submitted_at")
        if "source_issue" in data_keys:
            data_keys.remove("source_issue")
            data__sourceissue = data["source_issue"]
            validate____defs_name(data__sourceissue, custom_formats, (name_prefix or "data") + ".source_issue")
        if "rig" in data_keys:
            data_keys.remove("rig")
            data__rig = data["rig"]
            validate____defs_name(data__rig, custom_formats, (name_prefix or "data") + ".rig")
        if "agent_bead" in data_keys:
            data_keys.remove("agent_bead")
            data__agentbead = data["agent_bead"]
            validate____defs_name(data__agentbead, custom_formats, (name_prefix or "data") + ".agent_bead")
        if "epic" in data_keys:
            data_keys.remove("epic")
            data__epic = data["epic"]
            validate____defs_name(data__epic, custom_formats, (name_prefix or "data") + ".epic")
        if "target_reason" in data_keys:
            data_keys.remove("target_reason")
            data__targetreason = data["target_reason"]
            validate____defs_line(data__targetreason, custom_formats, (name_prefix or "data") + ".target_reason")
        if "convoy_id" in data_keys:
            data_keys.remove("convoy_id")
            data__convoyid = data["convoy_id"]
            validate____defs_name(data__convoyid, custom_formats, (name_prefix or "data") + ".convoy_id")
        if "convoy_created_at" in data_keys:
            data_keys.remove("convoy_created_at")
            data__convoycreatedat = data["convoy_created_at"]
            validate____defs_time(data__convoycreatedat, custom_formats, (name_prefix or "data") + ".convoy_created_at")
        if "supersedes" in data_keys:
            data_keys.remove("supersedes")
            data__supersedes = data["supersedes"]
            validate____defs_id(data__supersedes, custom_formats, (name_prefix or "data") + ".supersedes")
        if "superseded_by" in data_keys:
            data_keys.remove("superseded_by")
            data__supersededby = data["superseded_by"]
            validate____defs_id(data__supersededby, custom_formats, (name_prefix or "data") + ".superseded_by")
        if "depends_on" in data_keys:
            data_keys.remove("depends_on")
            data__dependson = data["depends_on"]
            if not isinstance(data__dependson, (list, tuple)):
                raise BrokenRule("" + (name_prefix or "data") + ".depends_on must be array")
            data__dependson_is_list = isinstance(data__dependson, (list, tuple))
            if data__dependson_is_list:
                data__dependson_len = len(data__dependson)
                if data__dependson_len > 100:
                    raise BrokenRule("" + (name_prefix or "data") + ".depends_on must contain less than or equal to 100 items")
                for data__dependson_x, data__dependson_item in enumerate(data__dependson):
                    validate____defs_id(data__dependson_item, custom_formats, (name_prefix or "data") + ".depends_on[{data__dependson_x}]".format(**locals()))
        if "labels" in data_keys:
            data_keys.remove("labels")
            data__labels = data["labels"]
            if not isinstance(data__labels, (list, tuple)):
                raise BrokenRule("" + (name_prefix or "data") + ".labels must be array")
            data__labels_is_list = isinstance(data__labels, (list, tuple))
            if data__labels_is_list:
                data__labels_len = len(data__labels)
                if data__labels_len > 50:
                    raise BrokenRule("" + (name_prefix or "data") + ".labels must contain less than or equal to 50 items")
                for data__labels_x, data__labels_item in enumerate(data__labels):
                    validate____defs_name(data__labels_item, custom_formats, (name_prefix or "data") + ".labels[{data__labels_x}]".format(**locals()))
        if "stands_on" in data_keys:
            data_keys.remove("stands_on")
            data__standson = data["stands_on"]
            if not isinstance(data__standson, (list, tuple)):
                raise BrokenRule("" + (name_prefix or "data") + ".stands_on must be array")
            data__standson_is_list = isinstance(data__standson, (list, tuple))
            if data__standson_is_list:
                data__standson_len = len(data__standson)
                if data__standson_len > 100:
                    raise BrokenRule("" + (name_prefix or "data") + ".stands_on must contain less than or equal to 100 items")
                for data__standson_x, data__standson_item in enumerate(data__standson):
                    validate____defs_sha(data__standson_item, custom_formats, (name_prefix or "data") + ".stands_on[{data__standson_x}]".format(**locals()))
        if "unit" in data_keys:
            data_keys.remove("unit")
            data__unit = data["unit"]
            validate____defs_name(data__unit, custom_formats, (name_prefix or "data") + ".unit")
        if "intent" in data_keys:
            data_keys.remove("intent")
            data__intent = data["intent"]
            if not isinstance(data__intent, (bool)):
                raise BrokenRule("" + (name_prefix or "data") + ".intent must be boolean")
        if "retry_count" in data_keys:
            data_keys.remove("retry_count")
            data__retrycount = data["retry_count"]
            if not isinstance(data__retrycount, (int)) and not (isinstance(data__retrycount, float) and data__retrycount.is_integer()) or isinstance(data__retrycount, bool):
                raise BrokenRule("" + (name_prefix or "data") + ".retry_count must be integer")
            if isinstance(data__retrycount, (int, float)) and not isinstance(data__retrycount, bool):
                if data__retrycount < 0:
                    raise BrokenRule("" + (name_prefix or "data") + ".retry_count must be bigger than or equal to 0")
        if "blocked_by" in data_keys:
            data_keys.remove("blocked_by")
            data__blockedby = data["blocked_by"]
            validate____defs_issue(data__blockedby, custom_formats, (name_prefix or "data") + ".blocked_by")
        if "block" in data_keys:
            data_keys.remove("block")
            data__block = data["block"]
            if not isinstance(data__block, (dict)):
                raise BrokenRule("" + (name_prefix or "data") + ".block must be object")
            data__block_is_dict = isinstance(data__block, dict)
            if data__block_is_dict:
                data__block__missing_keys = set(['reason', 'head', 'base']) - data__block.keys()
                if data__block__missing_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".block must contain ")
                data__block_keys = set(data__block.keys())
                if "reason" in data__block_keys:
                    data__block_keys.remove("reason")
                    data__block__reason = data__block["reason"]
                    if not (isinstance(data__block__reason, str) and data__block__reason == 'conflict'):
                        raise BrokenRule("" + (name_prefix or "data") + ".block.reason must be one of ['conflict']")
                if "head" in data__block_keys:
                    data__block_keys.remove("head")
                    data__block__head = data__block["head"]
                    validate____defs_sha(data__block__head, custom_formats, (name_prefix or "data") + ".block.head")
                if "base" in data__block_keys:
                    data__block_keys.remove("base")
                    data__block__base = data__block["base"]
                    validate____defs_sha(data__block__base, custom_formats, (name_prefix or "data") + ".block.base")
                if "files" in data__block_keys:
                    data__block_keys.remove("files")
                    data__block__files = data__block["files"]
                    if not isinstance(data__block__files, (list, tuple)):
                        raise BrokenRule("" + (name_prefix or "data") + ".block.files must be array")
                    data__block__files_is_list = isinstance(data__block__files, (list, tuple))
                    if data__block__files_is_list:
                        data__block__files_len = len(data__block__files)
                        if data__block__files_len > 200:
                            raise BrokenRule("" + (name_prefix or "data") + ".block.files must contain less than or equal to 200 items")
                        for data__block__files_x, data__block__files_item in enumerate(data__block__files):
                            validate____defs_line(data__block__files_item, custom_formats, (name_prefix or "data") + ".block.files[{data__block__files_x}]".format(**locals()))
                if "answered" in data__block_keys:
                    data__block_keys.remove("answered")
                    data__block__answered = data__block["answered"]
                    if not isinstance(data__block__answered, (bool)):
                        raise BrokenRule("" + (name_prefix or "data") + ".block.answered must be boolean")
                if "tried" in data__block_keys:
                    data__block_keys.remove("tried")
                    data__block__tried = data__block["tried"]
                    if not isinstance(data__block__tried, (list, tuple)):
                        raise BrokenRule("" + (name_prefix or "data") + ".block.tried must be array")
                    data__block__tried_is_list = isinstance(data__block__tried, (list, tuple))
                    if data__block__tried_is_list:
                        data__block__tried_len = len(data__block__tried)
                        if data__block__tried_len > 50:
                            raise BrokenRule("" + (name_prefix or "data") + ".block.tried must contain less than or equal to 50 items")
                        for data__block__tried_x, data__block__tried_item in enumerate(data__block__tried):
                            validate____defs_line(data__block__tried_item, custom_formats, (name_prefix or "data") + ".block.tried[{data__block__tried_x}]".format(**locals()))
                if data__block_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".block must not contain "+str(data__block_keys)+" properties")
        if "was_blocked_by" in data_keys:
            data_keys.remove("was_blocked_by")
            data__wasblockedby = data["was_blocked_by"]
            validate____defs_issue(data__wasblockedby, custom_formats, (name_prefix or "data") + ".was_blocked_by")
        if "resolution" in data_keys:
            data_keys.remove("resolution")
            data__resolution = data["resolution"]
            if not isinstance(data__resolution, (dict)):
                raise BrokenRule("" + (name_prefix or "data") + ".resolution must be object")
            data__resolution_is_dict = isinstance(data__resolution, dict)
            if data__resolution_is_dict:
                data__resolution__missing_keys = set(['base', 'commit', 'at', 'worker', 'ways']) - data__resolution.keys()
                if data__resolution__missing_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".resolution must contain ")
                data__resolution_keys = set(data__resolution.keys())
                if "base" in data__resolution_keys:
                    data__resolution_keys.remove("base")
                    data__resolution__base = data__resolution["base"]
                    validate____defs_sha(data__resolution__base, custom_formats, (name_prefix or "data") + ".resolution.base")
                if "commit" in data__resolution_keys:
                    data__resolution_keys.remove("commit")
                    data__resolution__commit = data__resolution["commit"]
                    validate____defs_sha(data__resolution__commit, custom_formats, (name_prefix or "data") + ".resolution.commit")
                if "line" in data__resolution_keys:
                    data__resolution_keys.remove("line")
                    data__resolution__line = data__resolution["line"]
                    validate____defs_sha(data__resolution__line, custom_formats, (name_prefix or "data") + ".resolution.line")
                if "at" in data__resolution_keys:
                    data__resolution_keys.remove("at")
                    data__resolution__at = data__resolution["at"]
                    validate____defs_time(data__resolution__at, custom_formats, (name_prefix or "data") + ".resolution.at")
                if "worker" in data__resolution_keys:
                    data__resolution_keys.remove("worker")
                    data__resolution__worker = data__resolution["worker"]
                    validate____defs_name(data__resolution__worker, custom_formats, (name_prefix or "data") + ".resolution.worker")
                if "ways" in data__resolution_keys:
                    data__resolution_keys.remove("ways")
                    data__resolution__ways = data__resolution["ways"]
                    if not isinstance(data__resolution__ways, (list, tuple)):
                        raise BrokenRule("" + (name_prefix or "data") + ".resolution.ways must be array")
                    data__resolution__ways_is_list = isinstance(data__resolution__ways, (list, tuple))
                    if data__resolution__ways_is_list:
                        data__resolution__ways_len = len(data__resolution__ways)
                        if data__resolution__ways_len < 1:
                            raise BrokenRule("" + (name_prefix or "data") + ".resolution.ways must contain at least 1 items")
                        if data__resolution__ways_len > 10:
                            raise BrokenRule("" + (name_prefix or "data") + ".resolution.ways must contain less than or equal to 10 items")
                        for data__resolution__ways_x, data__resolution__ways_item in enumerate(data__resolution__ways):
                            if not isinstance(data__resolution__ways_item, (dict)):
                                raise BrokenRule("" + (name_prefix or "data") + ".resolution.ways[{data__resolution__ways_x}]".format(**locals()) + " must be object")
                            data__resolution__ways_item_is_dict = isinstance(data__resolution__ways_item, dict)
                            if data__resolution__ways_item_is_dict:
                                data__resolution__ways_item__missing_keys = set(['way', 'files']) - data__resolution__ways_item.keys()
                                if data__resolution__ways_item__missing_keys:
                                    raise BrokenRule("" + (name_prefix or "data") + ".resolution.ways[{data__resolution__ways_x}]".format(**locals()) + " must contain ")
                                data__resolution__ways_item_keys = set(data__resolution__ways_item.keys())
                                if "way" in data__resolution__ways_item_keys:
                                    data__resolution__ways_item_keys.remove("way")
                                    data__resolution__ways_item__way = data__resolution__ways_item["way"]
                                    if not (isinstance(data__resolution__ways_item__way, str) and data__resolution__ways_item__way == 'rebase' or isinstance(data__resolution__ways_item__way, str) and data__resolution__ways_item__way == 'union' or isinstance(data__resolution__ways_item__way, str) and data__resolution__ways_item__way == 'rerere' or isinstance(data__resolution__ways_item__way, str) and data__resolution__ways_item__way == 'regenerate'):
                                        raise BrokenRule("" + (name_prefix or "data") + ".resolution.ways[{data__resolution__ways_x}].way".format(**locals()) + " must be one of ['rebase', 'union', 'rerere', 'regenerate']")
                                if "files" in data__resolution__ways_item_keys:
                                    data__resolution__ways_item_keys.remove("files")
                                    data__resolution__ways_item__files = data__resolution__ways_item["files"]
                                    if not isinstance(data__resolution__ways_item__files, (list, tuple)):
                                        raise BrokenRule("" + (name_prefix or "data") + ".resolution.ways[{data__resolution__ways_x}].files".format(**locals()) + " must be array")
                                    data__resolution__ways_item__files_is_list = isinstance(data__resolution__ways_item__files, (list, tuple))
                                    if data__resolution__ways_item__files_is_list:
                                        data__resolution__ways_item__files_len = len(data__resolution__ways_item__files)
                                        if data__resolution__ways_item__files_len > 200:
                                            raise BrokenRule("" + (name_prefix or "data") + ".resolution.ways[{data__resolution__ways_x}].files".format(**locals()) + " must contain less than or equal to 200 items")
                                        for data__resolution__ways_item__files_x, data__resolution__ways_item__files_item in enumerate(data__resolution__ways_item__files):
                                            validate____defs_line(data__resolution__ways_item__files_item, custom_formats, (name_prefix or "data") + ".resolution.ways[{data__resolution__ways_x}].files[{data__resolution__ways_item__files_x}]".format(**locals()))
                                if data__resolution__ways_item_keys:
                                    raise BrokenRule("" + (name_prefix or "data") + ".resolution.ways[{data__resolution__ways_x}]".format(**locals()) + " must not contain "+str(data__resolution__ways_item_keys)+" properties")
                if data__resolution_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".resolution must not contain "+str(data__resolution_keys)+" properties")
        if "failure" in data_keys:
            data_keys.remove("failure")
            data__failure = data["failure"]
            if not isinstance(data__failure, (dict)):
                raise BrokenRule("" + (name_prefix or "data") + ".failure must be object")
            data__failure_is_dict = isinstance(data__failure, dict)
            if data__failure_is_dict:
                data__failure__missing_keys = set(['type', 'at', 'message']) - data__failure.keys()
                if data__failure__missing_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".failure must contain ")
                data__failure_keys = set(data__failure.keys())
                if "type" in data__failure_keys:
                    data__failure_keys.remove("type")
                    data__failure__type = data__failure["type"]
                    if not (isinstance(data__failure__type, str) and data__failure__type == 'tests_fail' or isinstance(data__failure__type, str) and data__failure__type == 'build_fail' or isinstance(data__failure__type, str) and data__failure__type == 'timeout' or isinstance(data__failure__type, str) and data__failure__type == 'error' or isinstance(data__failure__type, str) and data__failure__type == 'not_fast_forward' or isinstance(data__failure__type, str) and data__failure__type == 'attempts'):
                        raise BrokenRule("" + (name_prefix or "data") + ".failure.type must be one of ['tests_fail', 'build_fail', 'timeout', 'error', 'not_fast_forward', 'attempts']")
                if "at" in data__failure_keys:
                    data__failure_keys.remove("at")
                    data__failure__at = data__failure["at"]
                    validate____defs_time(data__failure__at, custom_formats, (name_prefix or "data") + ".failure.at")
                if "base" in data__failure_keys:
                    data__failure_keys.remove("base")
                    data__failure__base = data__failure["base"]
                    validate____defs_sha(data__failure__base, custom_formats, (name_prefix or "data") + ".failure.base")
                if "tree" in data__failure_keys:
                    data__failure_keys.remove("tree")
                    data__failure__tree = data__failure["tree"]
                    validate____defs_sha(data__failure__tree, custom_formats, (name_prefix or "data") + ".failure.tree")
                if "message" in data__failure_keys:
                    data__failure_keys.remove("message")
                    data__failure__message = data__failure["message"]
                    validate____defs_text(data__failure__message, custom_formats, (name_prefix or "data") + ".failure.message")
                if data__failure_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".failure must not contain "+str(data__failure_keys)+" properties")
        if "hold" in data_keys:
            data_keys.remove("hold")
            data__hold = data["hold"]
            if not isinstance(data__hold, (dict)):
                raise BrokenRule("" + (name_prefix or "data") + ".hold must be object")
            data__hold_is_dict = isinstance(data__hold, dict)
            if data__hold_is_dict:
                data__hold__missing_keys = set(['by', 'reason', 'at']) - data__hold.keys()
                if data__hold__missing_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".hold must contain ")
                data__hold_keys = set(data__hold.keys())
                if "by" in data__hold_keys:
                    data__hold_keys.remove("by")
                    data__hold__by = data__hold["by"]
                    validate____defs_name(data__hold__by, custom_formats, (name_prefix or "data") + ".hold.by")
                if "reason" in data__hold_keys:
                    data__hold_keys.remove("reason")
                    data__hold__reason = data__hold["reason"]
                    validate____defs_line(data__hold__reason, custom_formats, (name_prefix or "data") + ".hold.reason")
                if "at" in data__hold_keys:
                    data__hold_keys.remove("at")
                    data__hold__at = data__hold["at"]
                    validate____defs_time(data__hold__at, custom_formats, (name_prefix or "data") + ".hold.at")
                if "until" in data__hold_keys:
                    data__hold_keys.remove("until")
                    data__hold__until = data__hold["until"]
                    validate____defs_time(data__hold__until, custom_formats, (name_prefix or "data") + ".hold.until")
                if data__hold_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".hold must not contain "+str(data__hold_keys)+" properties")
        if "hotfix" in data_keys:
            data_keys.remove("hotfix")
            data__hotfix = data["hotfix"]
            if not isinstance(data__hotfix, (dict)):
                raise BrokenRule("" + (name_prefix or "data") + ".hotfix must be object")
            data__hotfix_is_dict = isinstance(data__hotfix, dict)
            if data__hotfix_is_dict:
                data__hotfix__missing_keys = set(['reason']) - data__hotfix.keys()
                if data__hotfix__missing_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".hotfix must contain ")
                data__hotfix_keys = set(data__hotfix.keys())
                if "reason" in data__hotfix_keys:
                    data__hotfix_keys.remove("reason")
                    data__hotfix__reason = data__hotfix["reason"]
                    validate____defs_line(data__hotfix__reason, custom_formats, (name_prefix or "data") + ".hotfix.reason")
                if "allowed" in data__hotfix_keys:
                    data__hotfix_keys.remove("allowed")
                    data__hotfix__allowed = data__hotfix["allowed"]
                    if not isinstance(data__hotfix__allowed, (dict)):
                        raise BrokenRule("" + (name_prefix or "data") + ".hotfix.allowed must be object")
                    data__hotfix__allowed_is_dict = isinstance(data__hotfix__allowed, dict)
                    if data__hotfix__allowed_is_dict:
                        data__hotfix__allowed__missing_keys = set(['by', 'reason', 'at']) - data__hotfix__allowed.keys()
                        if data__hotfix__allowed__missing_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".hotfix.allowed must contain ")
                        data__hotfix__allowed_keys = set(data__hotfix__allowed.keys())
                        if "by" in data__hotfix__allowed_keys:
                            data__hotfix__allowed_keys.remove("by")
                            data__hotfix__allowed__by = data__hotfix__allowed["by"]
                            validate____defs_name(data__hotfix__allowed__by, custom_formats, (name_prefix or "data") + ".hotfix.allowed.by")
                        if "reason" in data__hotfix__allowed_keys:
                            data__hotfix__allowed_keys.remove("reason")
                            data__hotfix__allowed__reason = data__hotfix__allowed["reason"]
                            validate____defs_line(data__hotfix__allowed__reason, custom_formats, (name_prefix or "data") + ".hotfix.allowed.reason")
                        if "at" in data__hotfix__allowed_keys:
                            data__hotfix__allowed_keys.remove("at")
                            data__hotfix__allowed__at = data__hotfix__allowed["at"]
                            validate____defs_time(data__hotfix__allowed__at, custom_formats, (name_prefix or "data") + ".hotfix.allowed.at")
                        if data__hotfix__allowed_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".hotfix.allowed must not contain "+str(data__hotfix__allowed_keys)+" properties")
                if data__hotfix_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".hotfix must not contain "+str(data__hotfix_keys)+" properties")
        if "proposal" in data_keys:
            data_keys.remove("proposal")
            data__proposal = data["proposal"]
            if not isinstance(data__proposal, (dict)):
                raise BrokenRule("" + (name_prefix or "data") + ".proposal must be object")
            data__proposal_is_dict = isinstance(data__proposal, dict)
            if data__proposal_is_dict:
                data__proposal__missing_keys = set(['branch', 'commit', 'landing', 'at']) - data__proposal.keys()
                if data__proposal__missing_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".proposal must contain ")
                data__proposal_keys = set(data__proposal.keys())
                if "branch" in data__proposal_keys:
                    data__proposal_keys.remove("branch")
                    data__proposal__branch = data__proposal["branch"]
                    validate____defs_branch(data__proposal__branch, custom_formats, (name_prefix or "data") + ".proposal.branch")
                if "commit" in data__proposal_keys:
                    data__proposal_keys.remove("commit")
                    data__proposal__commit = data__proposal["commit"]
                    validate____defs_sha(data__proposal__commit, custom_formats, (name_prefix or "data") + ".proposal.commit")
                if "landing" in data__proposal_keys:
                    data__proposal_keys.remove("landing")
                    data__proposal__landing = data__proposal["landing"]
                    if not isinstance(data__proposal__landing, (dict)):
                        raise BrokenRule("" + (name_prefix or "data") + ".proposal.landing must be object")
                    data__proposal__landing_is_dict = isinstance(data__proposal__landing, dict)
                    if data__proposal__landing_is_dict:
                        data__proposal__landing__missing_keys = set(['base', 'commit', 'tree', 'candidate', 'method', 'fingerprint', 'result', 'worker', 'mode']) - data__proposal__landing.keys()
                        if data__proposal__landing__missing_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".proposal.landing must contain ")
                        data__proposal__landing_keys = set(data__proposal__landing.keys())
                        if "base" in data__proposal__landing_keys:
                            data__proposal__landing_keys.remove("base")
                            data__proposal__landing__base = data__proposal__landing["base"]
                            validate____defs_sha(data__proposal__landing__base, custom_formats, (name_prefix or "data") + ".proposal.landing.base")
                        if "commit" in data__proposal__landing_keys:
                            data__proposal__landing_keys.remove("commit")
                            data__proposal__landing__commit = data__proposal__landing["commit"]
                            validate____defs_sha(data__proposal__landing__commit, custom_formats, (name_prefix or "data") + ".proposal.landing.commit")
                        if "tree" in data__proposal__landing_keys:
                            data__proposal__landing_keys.remove("tree")
                            data__proposal__landing__tree = data__proposal__landing["tree"]
                            validate____defs_sha(data__proposal__landing__tree, custom_formats, (name_prefix or "data") + ".proposal.landing.tree")
                        if "candidate" in data__proposal__landing_keys:
                            data__proposal__landing_keys.remove("candidate")
                            data__proposal__landing__candidate = data__proposal__landing["candidate"]
                            if not isinstance(data__proposal__landing__candidate, (list, tuple)):
                                raise BrokenRule("" + (name_prefix or "data") + ".proposal.landing.candidate must be array")
                            data__proposal__landing__candidate_is_list = isinstance(data__proposal__landing__candidate, (list, tuple))
                            if data__proposal__landing__candidate_is_list:
                                data__proposal__landing__candidate_len = len(data__proposal__landing__candidate)
                                if data__proposal__landing__candidate_len > 1000:
                                    raise BrokenRule("" + (name_prefix or "data") + ".proposal.landing.candidate must contain less than or equal to 1000 items")
                                for data__proposal__landing__candidate_x, data__proposal__landing__candidate_item in enumerate(data__proposal__landing__candidate):
                                    validate____defs_id(data__proposal__landing__candidate_item, custom_formats, (name_prefix or "data") + ".proposal.landing.candidate[{data__proposal__landing__candidate_x}]".format(**locals()))
                        if "method" in data__proposal__landing_keys:
                            data__proposal__landing_keys.remove("method")
                            data__proposal__landing__method = data__proposal__landing["method"]
                            if not (isinstance(data__proposal__landing__method, str) and data__proposal__landing__method == 'merge' or isinstance(data__proposal__landing__method, str) and data__proposal__landing__method == 'squash' or isinstance(data__proposal__landing__method, str) and data__proposal__landing__method == 'rebase' or isinstance(data__proposal__landing__method, str) and data__proposal__landing__method == 'fast-forward'):
                                raise BrokenRule("" + (name_prefix or "data") + ".proposal.landing.method must be one of ['merge', 'squash', 'rebase', 'fast-forward']")
                        if "fingerprint" in data__proposal__landing_keys:
                            data__proposal__landing_keys.remove("fingerprint")
                            data__proposal__landing__fingerprint = data__proposal__landing["fingerprint"]
                            if not isinstance(data__proposal__landing__fingerprint, (str)):
                                raise BrokenRule("" + (name_prefix or "data") + ".proposal.landing.fingerprint must be string")
                            if isinstance(data__proposal__landing__fingerprint, str):
                                if not REGEX_PATTERNS['^[0-9a-f]{16}$'].search(data__proposal__landing__fingerprint):
                                    raise BrokenRule("" + (name_prefix or "data") + ".proposal.landing.fingerprint must match pattern ^[0-9a-f]{16}$")
                        if "result" in data__proposal__landing_keys:
                            data__proposal__landing_keys.remove("result")
                            data__proposal__landing__result = data__proposal__landing["result"]
                            if not (isinstance(data__proposal__landing__result, str) and data__proposal__landing__result == 'pass' or isinstance(data__proposal__landing__result, str) and data__proposal__landing__result == 'none'):
                                raise BrokenRule("" + (name_prefix or "data") + ".proposal.landing.result must be one of ['pass', 'none']")
                        if "worker" in data__proposal__landing_keys:
                            data__proposal__landing_keys.remove("worker")
                            data__proposal__landing__worker = data__proposal__landing["worker"]
                            validate____defs_name(data__proposal__landing__worker, custom_formats, (name_prefix or "data") + ".proposal.landing.worker")
                        if "mode" in data__proposal__landing_keys:
                            data__proposal__landing_keys.remove("mode")
                            data__proposal__landing__mode = data__proposal__landing["mode"]
                            if not (isinstance(data__proposal__landing__mode, str) and data__proposal__landing__mode == 'push' or isinstance(data__proposal__landing__mode, str) and data__proposal__landing__mode == 'healed' or isinstance(data__proposal__landing__mode, str) and data__proposal__landing__mode == 'pull-request'):
                                raise BrokenRule("" + (name_prefix or "data") + ".proposal.landing.mode must be one of ['push', 'healed', 'pull-request']")
                        if "pull_request" in data__proposal__landing_keys:
                            data__proposal__landing_keys.remove("pull_request")
                            data__proposal__landing__pullrequest = data__proposal__landing["pull_request"]
                            if not isinstance(data__proposal__landing__pullrequest, (int)) and not (isinstance(data__proposal__landing__pullrequest, float) and data__proposal__landing__pullrequest.is_integer()) or isinstance(data__proposal__landing__pullrequest, bool):
                                raise BrokenRule("" + (name_prefix or "data") + ".proposal.landing.pull_request must be integer")
                            if isinstance(data__proposal__landing__pullrequest, (int, float)) and not isinstance(data__proposal__landing__pullrequest, bool):
                                if data__proposal__landing__pullrequest < 1:
                                    raise BrokenRule("" + (name_prefix or "data") + ".proposal.landing.pull_request must be bigger than or equal to 1")
                        if "merged_as" in data__proposal__landing_keys:
                            data__proposal__landing_keys.remove("merged_as")
                            data__proposal__landing__mergedas = data__proposal__landing["merged_as"]
                            validate____defs_sha(data__proposal__landing__mergedas, custom_formats, (name_prefix or "data") + ".proposal.landing.merged_as")
                        if data__proposal__landing_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".proposal.landing must not contain "+str(data__proposal__landing_keys)+" properties")
                if "at" in data__proposal_keys:
                    data__proposal_keys.remove("at")
                    data__proposal__at = data__proposal["at"]
                    validate____defs_time(data__proposal__at, custom_formats, (name_prefix or "data") + ".proposal.at")
                if "number" in data__proposal_keys:
                    data__proposal_keys.remove("number")
                    data__proposal__number = data__proposal["number"]
                    if not isinstance(data__proposal__number, (int)) and not (isinstance(data__proposal__number, float) and data__proposal__number.is_integer()) or isinstance(data__proposal__number, bool):
                        raise BrokenRule("" + (name_prefix or "data") + ".proposal.number must be integer")
                    if isinstance(data__proposal__number, (int, float)) and not isinstance(data__proposal__number, bool):
                        if data__proposal__number < 1:
                            raise BrokenRule("" + (name_prefix or "data") + ".proposal.number must be bigger than or equal to 1")
                if "why" in data__proposal_keys:
                    data__proposal_keys.remove("why")
                    data__proposal__why = data__proposal["why"]
                    validate____defs_line(data__proposal__why, custom_formats, (name_prefix or "data") + ".proposal.why")
                if data__proposal_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".proposal must not contain "+str(data__proposal_keys)+" properties")
        if "attempts" in data_keys:
            data_keys.remove("attempts")
            data__attempts = data["attempts"]
            if not isinstance(data__attempts, (list, tuple)):
                raise BrokenRule("" + (name_prefix or "data") + ".attempts must be array")
            data__attempts_is_list = isinstance(data__attempts, (list, tuple))
            if data__attempts_is_list:
                data__attempts_len = len(data__attempts)
                if data__attempts_len > 50:
                    raise BrokenRule("" + (name_prefix or "data") + ".attempts must contain less than or equal to 50 items")
                for data__attempts_x, data__attempts_item in enumerate(data__attempts):
                    if not isinstance(data__attempts_item, (dict)):
                        raise BrokenRule("" + (name_prefix or "data") + ".attempts[{data__attempts_x}]".format(**locals()) + " must be object")
                    data__attempts_item_is_dict = isinstance(data__attempts_item, dict)
                    if data__attempts_item_is_dict:
                        data__attempts_item__missing_keys = set(['at', 'worker', 'outcome']) - data__attempts_item.keys()
                        if data__attempts_item__missing_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".attempts[{data__attempts_x}]".format(**locals()) + " must contain ")
                        data__attempts_item_keys = set(data__attempts_item.keys())
                        if "at" in data__attempts_item_keys:
                            data__attempts_item_keys.remove("at")
                            data__attempts_item__at = data__attempts_item["at"]
                            validate____defs_time(data__attempts_item__at, custom_formats, (name_prefix or "data") + ".attempts[{data__attempts_x}].at".format(**locals()))
                        if "worker" in data__attempts_item_keys:
                            data__attempts_item_keys.remove("worker")
                            data__attempts_item__worker = data__attempts_item["worker"]
                            validate____defs_name(data__attempts_item__worker, custom_formats, (name_prefix or "data") + ".attempts[{data__attempts_x}].worker".format(**locals()))
                        if "outcome" in data__attempts_item_keys:
                            data__attempts_item_keys.remove("outcome")
                            data__attempts_item__outcome = data__attempts_item["outcome"]
                            if not (isinstance(data__attempts_item__outcome, str) and data__attempts_item__outcome == 'landed' or isinstance(data__attempts_item__outcome, str) and data__attempts_item__outcome == 'conflict' or isinstance(data__attempts_item__outcome, str) and data__attempts_item__outcome == 'tests_fail' or isinstance(data__attempts_item__outcome, str) and data__attempts_item__outcome == 'build_fail' or isinstance(data__attempts_item__outcome, str) and data__attempts_item__outcome == 'flaky_test' or isinstance(data__attempts_item__outcome, str) and data__attempts_item__outcome == 'push_fail' or isinstance(data__attempts_item__outcome, str) and data__attempts_item__outcome == 'fetch_fail' or isinstance(data__attempts_item__outcome, str) and data__attempts_item__outcome == 'checkout_fail' or isinstance(data__attempts_item__outcome, str) and data__attempts_item__outcome == 'timeout' or isinstance(data__attempts_item__outcome, str) and data__attempts_item__outcome == 'error' or isinstance(data__attempts_item__outcome, str) and data__attempts_item__outcome == 'not_fast_forward' or isinstance(data__attempts_item__outcome, str) and data__attempts_item__outcome == 'red_base'):
                                raise BrokenRule("" + (name_prefix or "data") + ".attempts[{data__attempts_x}].outcome".format(**locals()) + " must be one of ['landed', 'conflict', 'tests_fail', 'build_fail', 'flaky_test', 'push_fail', 'fetch_fail', 'checkout_fail', 'timeout', 'error', 'not_fast_forward', 'red_base']")
                        if "base" in data__attempts_item_keys:
                            data__attempts_item_keys.remove("base")
                            data__attempts_item__base = data__attempts_item["base"]
                            validate____defs_sha(data__attempts_item__base, custom_formats, (name_prefix or "data") + ".attempts[{data__attempts_x}].base".format(**locals()))
                        if "tree" in data__attempts_item_keys:
                            data__attempts_item_keys.remove("tree")
                            data__attempts_item__tree = data__attempts_item["tree"]
                            validate____defs_sha(data__attempts_item__tree, custom_formats, (name_prefix or "data") + ".attempts[{data__attempts_x}].tree".format(**locals()))
                        if "candidate" in data__attempts_item_keys:
                            data__attempts_item_keys.remove("candidate")
                            data__attempts_item__candidate = data__attempts_item["candidate"]
                            if not isinstance(data__attempts_item__candidate, (list, tuple)):
                                raise BrokenRule("" + (name_prefix or "data") + ".attempts[{data__attempts_x}].candidate".format(**locals()) + " must be array")
                            data__attempts_item__candidate_is_list = isinstance(data__attempts_item__candidate, (list, tuple))
                            if data__attempts_item__candidate_is_list:
                                data__attempts_item__candidate_len = len(data__attempts_item__candidate)
                                if data__attempts_item__candidate_len > 1000:
                                    raise BrokenRule("" + (name_prefix or "data") + ".attempts[{data__attempts_x}].candidate".format(**locals()) + " must contain less than or equal to 1000 items")
                                for data__attempts_item__candidate_x, data__attempts_item__candidate_item in enumerate(data__attempts_item__candidate):
                                    validate____defs_id(data__attempts_item__candidate_item, custom_formats, (name_prefix or "data") + ".attempts[{data__attempts_x}].candidate[{data__attempts_item__candidate_x}]".format(**locals()))
                        if "note" in data__attempts_item_keys:
                            data__attempts_item_keys.remove("note")
                            data__attempts_item__note = data__attempts_item["note"]
                            validate____defs_line(data__attempts_item__note, custom_formats, (name_prefix or "data") + ".attempts[{data__attempts_x}].note".format(**locals()))
                        if data__attempts_item_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".attempts[{data__attempts_x}]".format(**locals()) + " must not contain "+str(data__attempts_item_keys)+" properties")
        if "closed_at" in data_keys:
            data_keys.remove("closed_at")
            data__closedat = data["closed_at"]
            validate____defs_time(data__closedat, custom_formats, (name_prefix or "data") + ".closed_at")
        if "close_reason" in data_keys:
            data_keys.remove("close_reason")
            data__closereason = data["close_reason"]
            if not (isinstance(data__closereason, str) and data__closereason == 'merged' or isinstance(data__closereason, str) and data__closereason == 'rejected' or isinstance(data__closereason, str) and data__closereason == 'conflict' or isinstance(data__closereason, str) and data__closereason == 'superseded' or isinstance(data__closereason, str) and data__closereason == 'already_merged' or isinstance(data__closereason, str) and data__closereason == 'empty'):
                raise BrokenRule("" + (name_prefix or "data") + ".close_reason must be one of ['merged', 'rejected', 'conflict', 'superseded', 'already_merged', 'empty']")
        if "error" in data_keys:
            data_keys.remove("error")
            data__error = data["error"]
            validate____defs_text(data__error, custom_formats, (name_prefix or "data") + ".error")
        if "merge_commit" in data_keys:
            data_keys.remove("merge_commit")
            data__mergecommit = data["merge_commit"]
            validate____defs_sha(data__mergecommit, custom_formats, (name_prefix or "data") + ".merge_commit")
        if "landing" in data_keys:
            data_keys.remove("landing")
            data__landing = data["landing"]
            if not isinstance(data__landing, (dict)):
                raise BrokenRule("" + (name_prefix or "data") + ".landing must be object")
            data__landing_is_dict = isinstance(data__landing, dict)
            if data__landing_is_dict:
                data__landing__missing_keys = set(['base', 'commit', 'tree', 'candidate', 'method', 'fingerprint', 'result', 'worker', 'mode']) - data__landing.keys()
                if data__landing__missing_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".landing must contain ")
                data__landing_keys = set(data__landing.keys())
                if "base" in data__landing_keys:
                    data__landing_keys.remove("base")
                    data__landing__base = data__landing["base"]
                    validate____defs_sha(data__landing__base, custom_formats, (name_prefix or "data") + ".landing.base")
                if "commit" in data__landing_keys:
                    data__landing_keys.remove("commit")
                    data__landing__commit = data__landing["commit"]
                    validate____defs_sha(data__landing__commit, custom_formats, (name_prefix or "data") + ".landing.commit")
                if "tree" in data__landing_keys:
                    data__landing_keys.remove("tree")
                    data__landing__tree = data__landing["tree"]
                    validate____defs_sha(data__landing__tree, custom_formats, (name_prefix or "data") + ".landing.tree")
                if "candidate" in data__landing_keys:
                    data__landing_keys.remove("candidate")
                    data__landing__candidate = data__landing["candidate"]
                    if not isinstance(data__landing__candidate, (list, tuple)):
                        raise BrokenRule("" + (name_prefix or "data") + ".landing.candidate must be array")
                    data__landing__candidate_is_list = isinstance(data__landing__candidate, (list, tuple))
                    if data__landing__candidate_is_list:
                        data__landing__candidate_len = len(data__landing__candidate)
                        if data__landing__candidate_len > 1000:
                            raise BrokenRule("" + (name_prefix or "data") + ".landing.candidate must contain less than or equal to 1000 items")
                        for data__landing__candidate_x, data__landing__candidate_item in enumerate(data__landing__candidate):
                            validate____defs_id(data__landing__candidate_item, custom_formats, (name_prefix or "data") + ".landing.candidate[{data__landing__candidate_x}]".format(**locals()))
                if "method" in data__landing_keys:
                    data__landing_keys.remove("method")
                    data__landing__method = data__landing["method"]
                    if not (isinstance(data__landing__method, str) and data__landing__method == 'merge' or isinstance(data__landing__method, str) and data__landing__method == 'squash' or isinstance(data__landing__method, str) and data__landing__method == 'rebase' or isinstance(data__landing__method, str) and data__landing__method == 'fast-forward'):
                        raise BrokenRule("" + (name_prefix or "data") + ".landing.method must be one of ['merge', 'squash', 'rebase', 'fast-forward']")
                if "fingerprint" in data__landing_keys:
                    data__landing_keys.remove("fingerprint")
                    data__landing__fingerprint = data__landing["fingerprint"]
                    if not isinstance(data__landing__fingerprint, (str)):
                        raise BrokenRule("" + (name_prefix or "data") + ".landing.fingerprint must be string")
                    if isinstance(data__landing__fingerprint, str):
                        if not REGEX_PATTERNS['^[0-9a-f]{16}$'].search(data__landing__fingerprint):
                            raise BrokenRule("" + (name_prefix or "data") + ".landing.fingerprint must match pattern ^[0-9a-f]{16}$")
                if "result" in data__landing_keys:
                    data__landing_keys.remove("result")
                    data__landing__result = data__landing["result"]
                    if not (isinstance(data__landing__result, str) and data__landing__result == 'pass' or isinstance(data__landing__result, str) and data__landing__result == 'none'):
                        raise BrokenRule("" + (name_prefix or "data") + ".landing.result must be one of ['pass', 'none']")
                if "worker" in data__landing_keys:
                    data__landing_keys.remove("worker")
                    data__landing__worker = data__landing["worker"]
                    validate____defs_name(data__landing__worker, custom_formats, (name_prefix or "data") + ".landing.worker")
                if "mode" in data__landing_keys:
                    data__landing_keys.remove("mode")
                    data__landing__mode = data__landing["mode"]
                    if not (isinstance(data__landing__mode, str) and data__landing__mode == 'push' or isinstance(data__landing__mode, str) and data__landing__mode == 'healed' or isinstance(data__landing__mode, str) and data__landing__mode == 'pull-request'):
                        raise BrokenRule("" + (name_prefix or "data") + ".landing.mode must be one of ['push', 'healed', 'pull-request']")
                if "pull_request" in data__landing_keys:
                    data__landing_keys.remove("pull_request")
                    data__landing__pullrequest = data__landing["pull_request"]
                    if not isinstance(data__landing__pullrequest, (int)) and not (isinstance(data__landing__pullrequest, float) and data__landing__pullrequest.is_integer()) or isinstance(data__landing__pullrequest, bool):
                        raise BrokenRule("" + (name_prefix or "data") + ".landing.pull_request must be integer")
                    if isinstance(data__landing__pullrequest, (int, float)) and not isinstance(data__landing__pullrequest, bool):
                        if data__landing__pullrequest < 1:
                            raise BrokenRule("" + (name_prefix or "data") + ".landing.pull_request must be bigger than or equal to 1")
                if "merged_as" in data__landing_keys:
                    data__landing_keys.remove("merged_as")
                    data__landing__mergedas = data__landing["merged_as"]
                    validate____defs_sha(data__landing__mergedas, custom_formats, (name_prefix or "data") + ".landing.merged_as")
                if data__landing_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".landing must not contain "+str(data__landing_keys)+" properties")
        if "untold" in data_keys:
            data_keys.remove("untold")
            data__untold = data["untold"]
            if not isinstance(data__untold, (list, tuple)):
                raise BrokenRule("" + (name_prefix or "data") + ".untold must be array")
            data__untold_is_list = isinstance(data__untold, (list, tuple))
            if data__untold_is_list:
                data__untold_len = len(data__untold)
                if data__untold_len > 120:
                    raise BrokenRule("" + (name_prefix or "data") + ".untold must contain less than or equal to 120 items")
                for data__untold_x, data__untold_item in enumerate(data__untold):
                    validate____defs_name(data__untold_item, custom_formats, (name_prefix or "data") + ".untold[{data__untold_x}]".format(**locals()))
        if "telling" in data_keys:
            data_keys.remove("telling")
            data__telling = data["telling"]
            if not isinstance(data__telling, (list, tuple)):
                raise BrokenRule("" + (name_prefix or "data") + ".telling must be array")
            data__telling_is_list = isinstance(data__telling, (list, tuple))
            if data__telling_is_list:
                data__telling_len = len(data__telling)
                if data__telling_len > 120:
                    raise BrokenRule("" + (name_prefix or "data") + ".telling must contain less than or equal to 120 items")
                for data__telling_x, data__telling_item in enumerate(data__telling):
                    if not isinstance(data__telling_item, (dict)):
                        raise BrokenRule("" + (name_prefix or "data") + ".telling[{data__telling_x}]".format(**locals()) + " must be object")
                    data__telling_item_is_dict = isinstance(data__telling_item, dict)
                    if data__telling_item_is_dict:
                        data__telling_item__missing_keys = set(['task', 'worker', 'until', 'tries']) - data__telling_item.keys()
                        if data__telling_item__missing_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".telling[{data__telling_x}]".format(**locals()) + " must contain ")
                        data__telling_item_keys = set(data__telling_item.keys())
                        if "task" in data__telling_item_keys:
                            data__telling_item_keys.remove("task")
                            data__telling_item__task = data__telling_item["task"]
                            validate____defs_name(data__telling_item__task, custom_formats, (name_prefix or "data") + ".telling[{data__telling_x}].task".format(**locals()))
                        if "worker" in data__telling_item_keys:
                            data__telling_item_keys.remove("worker")
                            data__telling_item__worker = data__telling_item["worker"]
                            validate____defs_name(data__telling_item__worker, custom_formats, (name_prefix or "data") + ".telling[{data__telling_x}].worker".format(**locals()))
                        if "until" in data__telling_item_keys:
                            data__telling_item_keys.remove("until")
                            data__telling_item__until = data__telling_item["until"]
                            validate____defs_time(data__telling_item__until, custom_formats, (name_prefix or "data") + ".telling[{data__telling_x}].until".format(**locals()))
                        if "tries" in data__telling_item_keys:
                            data__telling_item_keys.remove("tries")
                            data__telling_item__tries = data__telling_item["tries"]
                            if not isinstance(data__telling_item__tries, (int)) and not (isinstance(data__telling_item__tries, float) and data__telling_item__tries.is_integer()) or isinstance(data__telling_item__tries, bool):
                                raise BrokenRule("" + (name_prefix or "data") + ".telling[{data__telling_x}].tries".format(**locals()) + " must be integer")
                            if isinstance(data__telling_item__tries, (int, float)) and not isinstance(data__telling_item__tries, bool):
                                if data__telling_item__tries < 0:
                                    raise BrokenRule("" + (name_prefix or "data") + ".telling[{data__telling_x}].tries".format(**locals()) + " must be bigger than or equal to 0")
                        if data__telling_item_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".telling[{data__telling_x}]".format(**locals()) + " must not contain "+str(data__telling_item_keys)+" properties")
        if data_keys:
            raise BrokenRule("" + (name_prefix or "data") + " must not contain "+str(data_keys)+" properties")
    return data

def validate____defs_text(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (str)):
        raise BrokenRule("" + (name_prefix or "data") + " must be string")
    if isinstance(data, str):
        data_len = len(data)
        if data_len > 65536:
            raise BrokenRule("" + (name_prefix or "data") + " must be shorter than or equal to 65536 characters")
    return data

def validate____defs_issue(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (str)):
        raise BrokenRule("" + (name_prefix or "data") + " must be string")
    if isinstance(data, str):
        data_len = len(data)
        if data_len > 120:
            raise BrokenRule("" + (name_prefix or "data") + " must be shorter than or equal to 120 characters")
        if not REGEX_PATTERNS['^[a-z]+#[A-Za-z0-9._/-]+$'].search(data):
            raise BrokenRule("" + (name_prefix or "data") + " must match pattern ^[a-z]+#[A-Za-z0-9._/-]+$")
    return data

def validate____defs_time(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (str)):
        raise BrokenRule("" + (name_prefix or "data") + " must be string")
    if isinstance(data, str):
        if not REGEX_PATTERNS['^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,6})?Z$'].search(data):
            raise BrokenRule("" + (name_prefix or "data") + " must match pattern ^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,6})?Z$")
    return data

def validate____defs_name(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (str)):
        raise BrokenRule("" + (name_prefix or "data") + " must be string")
    if isinstance(data, str):
        data_len = len(data)
        if data_len < 1:
            raise BrokenRule("" + (name_prefix or "data") + " must be longer than or equal to 1 characters")
        if data_len > 240:
            raise BrokenRule("" + (name_prefix or "data") + " must be shorter than or equal to 240 characters")
        if not REGEX_PATTERNS['^[^\\x00-\\x1f\\x7f]+$'].search(data):
            raise BrokenRule("" + (name_prefix or "data") + " must match pattern ^[^\\x00-\\x1f\\x7f]+$")
    return data

def validate____defs_line(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (str)):
        raise BrokenRule("" + (name_prefix or "data") + " must be string")
    if isinstance(data, str):
        data_len = len(data)
        if data_len > 1000:
            raise BrokenRule("" + (name_prefix or "data") + " must be shorter than or equal to 1000 characters")
        if not REGEX_PATTERNS['^[^\\x00-\\x08\\x0a-\\x1f\\x7f]*$'].search(data):
            raise BrokenRule("" + (name_prefix or "data") + " must match pattern ^[^\\x00-\\x08\\x0a-\\x1f\\x7f]*$")
    return data

def validate____defs_sha(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (str)):
        raise BrokenRule("" + (name_prefix or "data") + " must be string")
    if isinstance(data, str):
        if not REGEX_PATTERNS['^[0-9a-f]{40}([0-9a-f]{24})?$'].search(data):
            raise BrokenRule("" + (name_prefix or "data") + " must match pattern ^[0-9a-f]{40}([0-9a-f]{24})?$")
    return data

def validate____defs_branch(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (str)):
        raise BrokenRule("" + (name_prefix or "data") + " must be string")
    if isinstance(data, str):
        data_len = len(data)
        if data_len < 1:
            raise BrokenRule("" + (name_prefix or "data") + " must be longer than or equal to 1 characters")
        if data_len > 240:
            raise BrokenRule("" + (name_prefix or "data") + " must be shorter than or equal to 240 characters")
        if not REGEX_PATTERNS['^(?!-)[^\\x00-\\x20\\x7f~^:?*\\[\\\\]+$'].search(data):
            raise BrokenRule("" + (name_prefix or "data") + " must match pattern ^(?!-)[^\\x00-\\x20\\x7f~^:?*\\[\\\\]+$")
    return data

def validate____defs_id(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (str)):
        raise BrokenRule("" + (name_prefix or "data") + " must be string")
    if isinstance(data, str):
        data_len = len(data)
        if data_len > 64:
            raise BrokenRule("" + (name_prefix or "data") + " must be shorter than or equal to 64 characters")
        if not REGEX_PATTERNS['^[a-z][a-z0-9]*(-[a-z0-9]+)+$'].search(data):
            raise BrokenRule("" + (name_prefix or "data") + " must match pattern ^[a-z][a-z0-9]*(-[a-z0-9]+)+$")
    return data
