"""Made from schemas/queue.schema.json by tools/compile_schemas.py; do not edit."""
# ruff: noqa
# mypy: ignore-errors

from refinery.records.compiled import BrokenRule, Patterns

FORMAT = 1
SINCE = (1, {})

REGEX_PATTERNS = Patterns({
    '^[a-z]+#[A-Za-z0-9._/-]+$': '^[a-z]+#[A-Za-z0-9._/-]+\\Z',
    '^(?!-)[^\\x00-\\x20\\x7f~^:\\[\\\\]+$': '^(?!-)[^\\x00-\\x20\\x7f~^:\\[\\\\]+\\Z',
    '^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,6})?Z$': '^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,6})?Z\\Z',
    '^[^\\x00-\\x08\\x0a-\\x1f\\x7f]*$': '^[^\\x00-\\x08\\x0a-\\x1f\\x7f]*\\Z',
    '^[^\\x00-\\x1f\\x7f]+$': '^[^\\x00-\\x1f\\x7f]+\\Z',
    '^[0-9a-f]{40}([0-9a-f]{24})?$': '^[0-9a-f]{40}([0-9a-f]{24})?\\Z',
    '^(?!-)[^\\x00-\\x20\\x7f~^:?*\\[\\\\]+$': '^(?!-)[^\\x00-\\x20\\x7f~^:?*\\[\\\\]+\\Z'
})

NoneType = type(None)

def validate(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (dict)):
        raise BrokenRule("" + (name_prefix or "data") + " must be object")
    data_is_dict = isinstance(data, dict)
    if data_is_dict:
        data__missing_keys = set(['version', 'default_target']) - data.keys()
        if data__missing_keys:
            raise BrokenRule("" + (name_prefix or "data") + " must contain ")
        data_keys = set(data.keys())
        if "version" in data_keys:
            data_keys.remove("version")
            data__version = data["version"]
            if not (isinstance(data__version, (int, float)) and not isinstance(data__version, bool) and data__version == 1):
                raise BrokenRule("" + (name_prefix or "data") + ".version must be one of [1]")
        if "default_target" in data_keys:
            data_keys.remove("default_target")
            data__defaulttarget = data["default_target"]
            validate____defs_branch(data__defaulttarget, custom_formats, (name_prefix or "data") + ".default_target")
        if "landed" in data_keys:
            data_keys.remove("landed")
            data__landed = data["landed"]
            if not isinstance(data__landed, (dict)):
                raise BrokenRule("" + (name_prefix or "data") + ".landed must be object")
            data__landed_is_dict = isinstance(data__landed, dict)
            if data__landed_is_dict:
                data__landed_keys = set(data__landed.keys())
                for data__landed_key in data__landed_keys:
                    if data__landed_key not in []:
                        data__landed_value = data__landed.get(data__landed_key)
                        validate____defs_sha(data__landed_value, custom_formats, (name_prefix or "data") + ".landed.{data__landed_key}".format(**locals()))
        if "archived" in data_keys:
            data_keys.remove("archived")
            data__archived = data["archived"]
            if not isinstance(data__archived, (int)) and not (isinstance(data__archived, float) and data__archived.is_integer()) or isinstance(data__archived, bool):
                raise BrokenRule("" + (name_prefix or "data") + ".archived must be integer")
            if isinstance(data__archived, (int, float)) and not isinstance(data__archived, bool):
                if data__archived < 0:
                    raise BrokenRule("" + (name_prefix or "data") + ".archived must be bigger than or equal to 0")
        if "paused" in data_keys:
            data_keys.remove("paused")
            data__paused = data["paused"]
            if not isinstance(data__paused, (dict)):
                raise BrokenRule("" + (name_prefix or "data") + ".paused must be object")
            data__paused_is_dict = isinstance(data__paused, dict)
            if data__paused_is_dict:
                data__paused__missing_keys = set(['by', 'reason', 'at']) - data__paused.keys()
                if data__paused__missing_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".paused must contain ")
                data__paused_keys = set(data__paused.keys())
                if "by" in data__paused_keys:
                    data__paused_keys.remove("by")
                    data__paused__by = data__paused["by"]
                    validate____defs_name(data__paused__by, custom_formats, (name_prefix or "data") + ".paused.by")
                if "reason" in data__paused_keys:
                    data__paused_keys.remove("reason")
                    data__paused__reason = data__paused["reason"]
                    validate____defs_line(data__paused__reason, custom_formats, (name_prefix or "data") + ".paused.reason")
                if "at" in data__paused_keys:
                    data__paused_keys.remove("at")
                    data__paused__at = data__paused["at"]
                    validate____defs_time(data__paused__at, custom_formats, (name_prefix or "data") + ".paused.at")
                if "until" in data__paused_keys:
                    data__paused_keys.remove("until")
                    data__paused__until = data__paused["until"]
                    validate____defs_time(data__paused__until, custom_formats, (name_prefix or "data") + ".paused.until")
                if data__paused_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".paused must not contain "+str(data__paused_keys)+" properties")
        if "freezes" in data_keys:
            data_keys.remove("freezes")
            data__freezes = data["freezes"]
            if not isinstance(data__freezes, (list, tuple)):
                raise BrokenRule("" + (name_prefix or "data") + ".freezes must be array")
            data__freezes_is_list = isinstance(data__freezes, (list, tuple))
            if data__freezes_is_list:
                data__freezes_len = len(data__freezes)
                if data__freezes_len > 500:
                    raise BrokenRule("" + (name_prefix or "data") + ".freezes must contain less than or equal to 500 items")
                for data__freezes_x, data__freezes_item in enumerate(data__freezes):
                    if not isinstance(data__freezes_item, (dict)):
                        raise BrokenRule("" + (name_prefix or "data") + ".freezes[{data__freezes_x}]".format(**locals()) + " must be object")
                    data__freezes_item_is_dict = isinstance(data__freezes_item, dict)
                    if data__freezes_item_is_dict:
                        data__freezes_item__missing_keys = set(['target', 'cause', 'by', 'reason', 'at']) - data__freezes_item.keys()
                        if data__freezes_item__missing_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".freezes[{data__freezes_x}]".format(**locals()) + " must contain ")
                        data__freezes_item_keys = set(data__freezes_item.keys())
                        if "target" in data__freezes_item_keys:
                            data__freezes_item_keys.remove("target")
                            data__freezes_item__target = data__freezes_item["target"]
                            validate____defs_pattern(data__freezes_item__target, custom_formats, (name_prefix or "data") + ".freezes[{data__freezes_x}].target".format(**locals()))
                        if "cause" in data__freezes_item_keys:
                            data__freezes_item_keys.remove("cause")
                            data__freezes_item__cause = data__freezes_item["cause"]
                            if not (isinstance(data__freezes_item__cause, str) and data__freezes_item__cause == 'ordered' or isinstance(data__freezes_item__cause, str) and data__freezes_item__cause == 'issue' or isinstance(data__freezes_item__cause, str) and data__freezes_item__cause == 'unanswered'):
                                raise BrokenRule("" + (name_prefix or "data") + ".freezes[{data__freezes_x}].cause".format(**locals()) + " must be one of ['ordered', 'issue', 'unanswered']")
                        if "by" in data__freezes_item_keys:
                            data__freezes_item_keys.remove("by")
                            data__freezes_item__by = data__freezes_item["by"]
                            validate____defs_name(data__freezes_item__by, custom_formats, (name_prefix or "data") + ".freezes[{data__freezes_x}].by".format(**locals()))
                        if "reason" in data__freezes_item_keys:
                            data__freezes_item_keys.remove("reason")
                            data__freezes_item__reason = data__freezes_item["reason"]
                            validate____defs_line(data__freezes_item__reason, custom_formats, (name_prefix or "data") + ".freezes[{data__freezes_x}].reason".format(**locals()))
                        if "at" in data__freezes_item_keys:
                            data__freezes_item_keys.remove("at")
                            data__freezes_item__at = data__freezes_item["at"]
                            validate____defs_time(data__freezes_item__at, custom_formats, (name_prefix or "data") + ".freezes[{data__freezes_x}].at".format(**locals()))
                        if "until" in data__freezes_item_keys:
                            data__freezes_item_keys.remove("until")
                            data__freezes_item__until = data__freezes_item["until"]
                            validate____defs_time(data__freezes_item__until, custom_formats, (name_prefix or "data") + ".freezes[{data__freezes_x}].until".format(**locals()))
                        if "zone" in data__freezes_item_keys:
                            data__freezes_item_keys.remove("zone")
                            data__freezes_item__zone = data__freezes_item["zone"]
                            validate____defs_name(data__freezes_item__zone, custom_formats, (name_prefix or "data") + ".freezes[{data__freezes_x}].zone".format(**locals()))
                        if "issue" in data__freezes_item_keys:
                            data__freezes_item_keys.remove("issue")
                            data__freezes_item__issue = data__freezes_item["issue"]
                            validate____defs_issue(data__freezes_item__issue, custom_formats, (name_prefix or "data") + ".freezes[{data__freezes_x}].issue".format(**locals()))
                        if "label" in data__freezes_item_keys:
                            data__freezes_item_keys.remove("label")
                            data__freezes_item__label = data__freezes_item["label"]
                            validate____defs_name(data__freezes_item__label, custom_formats, (name_prefix or "data") + ".freezes[{data__freezes_x}].label".format(**locals()))
                        if data__freezes_item_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".freezes[{data__freezes_x}]".format(**locals()) + " must not contain "+str(data__freezes_item_keys)+" properties")
        if "thaws" in data_keys:
            data_keys.remove("thaws")
            data__thaws = data["thaws"]
            if not isinstance(data__thaws, (list, tuple)):
                raise BrokenRule("" + (name_prefix or "data") + ".thaws must be array")
            data__thaws_is_list = isinstance(data__thaws, (list, tuple))
            if data__thaws_is_list:
                data__thaws_len = len(data__thaws)
                if data__thaws_len > 500:
                    raise BrokenRule("" + (name_prefix or "data") + ".thaws must contain less than or equal to 500 items")
                for data__thaws_x, data__thaws_item in enumerate(data__thaws):
                    if not isinstance(data__thaws_item, (dict)):
                        raise BrokenRule("" + (name_prefix or "data") + ".thaws[{data__thaws_x}]".format(**locals()) + " must be object")
                    data__thaws_item_is_dict = isinstance(data__thaws_item, dict)
                    if data__thaws_item_is_dict:
                        data__thaws_item__missing_keys = set(['target', 'by', 'reason', 'at', 'until']) - data__thaws_item.keys()
                        if data__thaws_item__missing_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".thaws[{data__thaws_x}]".format(**locals()) + " must contain ")
                        data__thaws_item_keys = set(data__thaws_item.keys())
                        if "target" in data__thaws_item_keys:
                            data__thaws_item_keys.remove("target")
                            data__thaws_item__target = data__thaws_item["target"]
                            validate____defs_pattern(data__thaws_item__target, custom_formats, (name_prefix or "data") + ".thaws[{data__thaws_x}].target".format(**locals()))
                        if "by" in data__thaws_item_keys:
                            data__thaws_item_keys.remove("by")
                            data__thaws_item__by = data__thaws_item["by"]
                            validate____defs_name(data__thaws_item__by, custom_formats, (name_prefix or "data") + ".thaws[{data__thaws_x}].by".format(**locals()))
                        if "reason" in data__thaws_item_keys:
                            data__thaws_item_keys.remove("reason")
                            data__thaws_item__reason = data__thaws_item["reason"]
                            validate____defs_line(data__thaws_item__reason, custom_formats, (name_prefix or "data") + ".thaws[{data__thaws_x}].reason".format(**locals()))
                        if "at" in data__thaws_item_keys:
                            data__thaws_item_keys.remove("at")
                            data__thaws_item__at = data__thaws_item["at"]
                            validate____defs_time(data__thaws_item__at, custom_formats, (name_prefix or "data") + ".thaws[{data__thaws_x}].at".format(**locals()))
                        if "until" in data__thaws_item_keys:
                            data__thaws_item_keys.remove("until")
                            data__thaws_item__until = data__thaws_item["until"]
                            validate____defs_time(data__thaws_item__until, custom_formats, (name_prefix or "data") + ".thaws[{data__thaws_x}].until".format(**locals()))
                        if data__thaws_item_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".thaws[{data__thaws_x}]".format(**locals()) + " must not contain "+str(data__thaws_item_keys)+" properties")
        if "turns" in data_keys:
            data_keys.remove("turns")
            data__turns = data["turns"]
            if not isinstance(data__turns, (list, tuple)):
                raise BrokenRule("" + (name_prefix or "data") + ".turns must be array")
            data__turns_is_list = isinstance(data__turns, (list, tuple))
            if data__turns_is_list:
                data__turns_len = len(data__turns)
                if data__turns_len > 1000:
                    raise BrokenRule("" + (name_prefix or "data") + ".turns must contain less than or equal to 1000 items")
                for data__turns_x, data__turns_item in enumerate(data__turns):
                    if not isinstance(data__turns_item, (dict)):
                        raise BrokenRule("" + (name_prefix or "data") + ".turns[{data__turns_x}]".format(**locals()) + " must be object")
                    data__turns_item_is_dict = isinstance(data__turns_item, dict)
                    if data__turns_item_is_dict:
                        data__turns_item__missing_keys = set(['target']) - data__turns_item.keys()
                        if data__turns_item__missing_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".turns[{data__turns_x}]".format(**locals()) + " must contain ")
                        data__turns_item_keys = set(data__turns_item.keys())
                        if "target" in data__turns_item_keys:
                            data__turns_item_keys.remove("target")
                            data__turns_item__target = data__turns_item["target"]
                            validate____defs_branch(data__turns_item__target, custom_formats, (name_prefix or "data") + ".turns[{data__turns_x}].target".format(**locals()))
                        if "authors" in data__turns_item_keys:
                            data__turns_item_keys.remove("authors")
                            data__turns_item__authors = data__turns_item["authors"]
                            if not isinstance(data__turns_item__authors, (dict)):
                                raise BrokenRule("" + (name_prefix or "data") + ".turns[{data__turns_x}].authors".format(**locals()) + " must be object")
                            data__turns_item__authors_is_dict = isinstance(data__turns_item__authors, dict)
                            if data__turns_item__authors_is_dict:
                                data__turns_item__authors_keys = set(data__turns_item__authors.keys())
                                for data__turns_item__authors_key in data__turns_item__authors_keys:
                                    if data__turns_item__authors_key not in []:
                                        data__turns_item__authors_value = data__turns_item__authors.get(data__turns_item__authors_key)
                                        if not isinstance(data__turns_item__authors_value, (int, float)) or isinstance(data__turns_item__authors_value, bool):
                                            raise BrokenRule("" + (name_prefix or "data") + ".turns[{data__turns_x}].authors.{data__turns_item__authors_key}".format(**locals()) + " must be number")
                                        if isinstance(data__turns_item__authors_value, (int, float)) and not isinstance(data__turns_item__authors_value, bool):
                                            if data__turns_item__authors_value < 0:
                                                raise BrokenRule("" + (name_prefix or "data") + ".turns[{data__turns_x}].authors.{data__turns_item__authors_key}".format(**locals()) + " must be bigger than or equal to 0")
                        if "fleets" in data__turns_item_keys:
                            data__turns_item_keys.remove("fleets")
                            data__turns_item__fleets = data__turns_item["fleets"]
                            if not isinstance(data__turns_item__fleets, (dict)):
                                raise BrokenRule("" + (name_prefix or "data") + ".turns[{data__turns_x}].fleets".format(**locals()) + " must be object")
                            data__turns_item__fleets_is_dict = isinstance(data__turns_item__fleets, dict)
                            if data__turns_item__fleets_is_dict:
                                data__turns_item__fleets_keys = set(data__turns_item__fleets.keys())
                                for data__turns_item__fleets_key in data__turns_item__fleets_keys:
                                    if data__turns_item__fleets_key not in []:
                                        data__turns_item__fleets_value = data__turns_item__fleets.get(data__turns_item__fleets_key)
                                        if not isinstance(data__turns_item__fleets_value, (int, float)) or isinstance(data__turns_item__fleets_value, bool):
                                            raise BrokenRule("" + (name_prefix or "data") + ".turns[{data__turns_x}].fleets.{data__turns_item__fleets_key}".format(**locals()) + " must be number")
                                        if isinstance(data__turns_item__fleets_value, (int, float)) and not isinstance(data__turns_item__fleets_value, bool):
                                            if data__turns_item__fleets_value < 0:
                                                raise BrokenRule("" + (name_prefix or "data") + ".turns[{data__turns_x}].fleets.{data__turns_item__fleets_key}".format(**locals()) + " must be bigger than or equal to 0")
                        if data__turns_item_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".turns[{data__turns_x}]".format(**locals()) + " must not contain "+str(data__turns_item_keys)+" properties")
        if "stuck" in data_keys:
            data_keys.remove("stuck")
            data__stuck = data["stuck"]
            if not isinstance(data__stuck, (list, tuple)):
                raise BrokenRule("" + (name_prefix or "data") + ".stuck must be array")
            data__stuck_is_list = isinstance(data__stuck, (list, tuple))
            if data__stuck_is_list:
                data__stuck_len = len(data__stuck)
                if data__stuck_len > 200:
                    raise BrokenRule("" + (name_prefix or "data") + ".stuck must contain less than or equal to 200 items")
                for data__stuck_x, data__stuck_item in enumerate(data__stuck):
                    if not isinstance(data__stuck_item, (dict)):
                        raise BrokenRule("" + (name_prefix or "data") + ".stuck[{data__stuck_x}]".format(**locals()) + " must be object")
                    data__stuck_item_is_dict = isinstance(data__stuck_item, dict)
                    if data__stuck_item_is_dict:
                        data__stuck_item__missing_keys = set(['target', 'why', 'words', 'since']) - data__stuck_item.keys()
                        if data__stuck_item__missing_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".stuck[{data__stuck_x}]".format(**locals()) + " must contain ")
                        data__stuck_item_keys = set(data__stuck_item.keys())
                        if "target" in data__stuck_item_keys:
                            data__stuck_item_keys.remove("target")
                            data__stuck_item__target = data__stuck_item["target"]
                            validate____defs_branch(data__stuck_item__target, custom_formats, (name_prefix or "data") + ".stuck[{data__stuck_x}].target".format(**locals()))
                        if "why" in data__stuck_item_keys:
                            data__stuck_item_keys.remove("why")
                            data__stuck_item__why = data__stuck_item["why"]
                            if not (isinstance(data__stuck_item__why, str) and data__stuck_item__why == 'red' or isinstance(data__stuck_item__why, str) and data__stuck_item__why == 'broken-config' or isinstance(data__stuck_item__why, str) and data__stuck_item__why == 'waiting' or isinstance(data__stuck_item__why, str) and data__stuck_item__why == 'moving'):
                                raise BrokenRule("" + (name_prefix or "data") + ".stuck[{data__stuck_x}].why".format(**locals()) + " must be one of ['red', 'broken-config', 'waiting', 'moving']")
                        if "words" in data__stuck_item_keys:
                            data__stuck_item_keys.remove("words")
                            data__stuck_item__words = data__stuck_item["words"]
                            validate____defs_line(data__stuck_item__words, custom_formats, (name_prefix or "data") + ".stuck[{data__stuck_x}].words".format(**locals()))
                        if "since" in data__stuck_item_keys:
                            data__stuck_item_keys.remove("since")
                            data__stuck_item__since = data__stuck_item["since"]
                            validate____defs_time(data__stuck_item__since, custom_formats, (name_prefix or "data") + ".stuck[{data__stuck_x}].since".format(**locals()))
                        if "told" in data__stuck_item_keys:
                            data__stuck_item_keys.remove("told")
                            data__stuck_item__told = data__stuck_item["told"]
                            if not isinstance(data__stuck_item__told, (list, tuple)):
                                raise BrokenRule("" + (name_prefix or "data") + ".stuck[{data__stuck_x}].told".format(**locals()) + " must be array")
                            data__stuck_item__told_is_list = isinstance(data__stuck_item__told, (list, tuple))
                            if data__stuck_item__told_is_list:
                                data__stuck_item__told_len = len(data__stuck_item__told)
                                if data__stuck_item__told_len > 20:
                                    raise BrokenRule("" + (name_prefix or "data") + ".stuck[{data__stuck_x}].told".format(**locals()) + " must contain less than or equal to 20 items")
                                for data__stuck_item__told_x, data__stuck_item__told_item in enumerate(data__stuck_item__told):
                                    validate____defs_name(data__stuck_item__told_item, custom_formats, (name_prefix or "data") + ".stuck[{data__stuck_x}].told[{data__stuck_item__told_x}]".format(**locals()))
                        if "untold" in data__stuck_item_keys:
                            data__stuck_item_keys.remove("untold")
                            data__stuck_item__untold = data__stuck_item["untold"]
                            if not isinstance(data__stuck_item__untold, (list, tuple)):
                                raise BrokenRule("" + (name_prefix or "data") + ".stuck[{data__stuck_x}].untold".format(**locals()) + " must be array")
                            data__stuck_item__untold_is_list = isinstance(data__stuck_item__untold, (list, tuple))
                            if data__stuck_item__untold_is_list:
                                data__stuck_item__untold_len = len(data__stuck_item__untold)
                                if data__stuck_item__untold_len > 120:
                                    raise BrokenRule("" + (name_prefix or "data") + ".stuck[{data__stuck_x}].untold".format(**locals()) + " must contain less than or equal to 120 items")
                                for data__stuck_item__untold_x, data__stuck_item__untold_item in enumerate(data__stuck_item__untold):
                                    validate____defs_name(data__stuck_item__untold_item, custom_formats, (name_prefix or "data") + ".stuck[{data__stuck_x}].untold[{data__stuck_item__untold_x}]".format(**locals()))
                        if "telling" in data__stuck_item_keys:
                            data__stuck_item_keys.remove("telling")
                            data__stuck_item__telling = data__stuck_item["telling"]
                            if not isinstance(data__stuck_item__telling, (list, tuple)):
                                raise BrokenRule("" + (name_prefix or "data") + ".stuck[{data__stuck_x}].telling".format(**locals()) + " must be array")
                            data__stuck_item__telling_is_list = isinstance(data__stuck_item__telling, (list, tuple))
                            if data__stuck_item__telling_is_list:
                                data__stuck_item__telling_len = len(data__stuck_item__telling)
                                if data__stuck_item__telling_len > 120:
                                    raise BrokenRule("" + (name_prefix or "data") + ".stuck[{data__stuck_x}].telling".format(**locals()) + " must contain less than or equal to 120 items")
                                for data__stuck_item__telling_x, data__stuck_item__telling_item in enumerate(data__stuck_item__telling):
                                    if not isinstance(data__stuck_item__telling_item, (dict)):
                                        raise BrokenRule("" + (name_prefix or "data") + ".stuck[{data__stuck_x}].telling[{data__stuck_item__telling_x}]".format(**locals()) + " must be object")
                                    data__stuck_item__telling_item_is_dict = isinstance(data__stuck_item__telling_item, dict)
                                    if data__stuck_item__telling_item_is_dict:
                                        data__stuck_item__telling_item__missing_keys = set(['task', 'worker', 'until', 'tries']) - data__stuck_item__telling_item.keys()
                                        if data__stuck_item__telling_item__missing_keys:
                                            raise BrokenRule("" + (name_prefix or "data") + ".stuck[{data__stuck_x}].telling[{data__stuck_item__telling_x}]".format(**locals()) + " must contain ")
                                        data__stuck_item__telling_item_keys = set(data__stuck_item__telling_item.keys())
                                        if "task" in data__stuck_item__telling_item_keys:
                                            data__stuck_item__telling_item_keys.remove("task")
                                            data__stuck_item__telling_item__task = data__stuck_item__telling_item["task"]
                                            validate____defs_name(data__stuck_item__telling_item__task, custom_formats, (name_prefix or "data") + ".stuck[{data__stuck_x}].telling[{data__stuck_item__telling_x}].task".format(**locals()))
                                        if "worker" in data__stuck_item__telling_item_keys:
                                            data__stuck_item__telling_item_keys.remove("worker")
                                            data__stuck_item__telling_item__worker = data__stuck_item__telling_item["worker"]
                                            validate____defs_name(data__stuck_item__telling_item__worker, custom_formats, (name_prefix or "data") + ".stuck[{data__stuck_x}].telling[{data__stuck_item__telling_x}].worker".format(**locals()))
                                        if "until" in data__stuck_item__telling_item_keys:
                                            data__stuck_item__telling_item_keys.remove("until")
                                            data__stuck_item__telling_item__until = data__stuck_item__telling_item["until"]
                                            validate____defs_time(data__stuck_item__telling_item__until, custom_formats, (name_prefix or "data") + ".stuck[{data__stuck_x}].telling[{data__stuck_item__telling_x}].until".format(**locals()))
                                        if "tries" in data__stuck_item__telling_item_keys:
                                            data__stuck_item__telling_item_keys.remove("tries")
                                            data__stuck_item__telling_item__tries = data__stuck_item__telling_item["tries"]
                                            if not isinstance(data__stuck_item__telling_item__tries, (int)) and not (isinstance(data__stuck_item__telling_item__tries, float) and data__stuck_item__telling_item__tries.is_integer()) or isinstance(data__stuck_item__telling_item__tries, bool):
                                                raise BrokenRule("" + (name_prefix or "data") + ".stuck[{data__stuck_x}].telling[{data__stuck_item__telling_x}].tries".format(**locals()) + " must be integer")
                                            if isinstance(data__stuck_item__telling_item__tries, (int, float)) and not isinstance(data__stuck_item__telling_item__tries, bool):
                                                if data__stuck_item__telling_item__tries < 0:
                                                    raise BrokenRule("" + (name_prefix or "data") + ".stuck[{data__stuck_x}].telling[{data__stuck_item__telling_x}].tries".format(**locals()) + " must be bigger than or equal to 0")
                                        if data__stuck_item__telling_item_keys:
                                            raise BrokenRule("" + (name_prefix or "data") + ".stuck[{data__stuck_x}].telling[{data__stuck_item__telling_x}]".format(**locals()) + " must not contain "+str(data__stuck_item__telling_item_keys)+" properties")
                        if data__stuck_item_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".stuck[{data__stuck_x}]".format(**locals()) + " must not contain "+str(data__stuck_item_keys)+" properties")
        if data_keys:
            raise BrokenRule("" + (name_prefix or "data") + " must not contain "+str(data_keys)+" properties")
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

def validate____defs_pattern(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (str)):
        raise BrokenRule("" + (name_prefix or "data") + " must be string")
    if isinstance(data, str):
        data_len = len(data)
        if data_len < 1:
            raise BrokenRule("" + (name_prefix or "data") + " must be longer than or equal to 1 characters")
        if data_len > 240:
            raise BrokenRule("" + (name_prefix or "data") + " must be shorter than or equal to 240 characters")
        if not REGEX_PATTERNS['^(?!-)[^\\x00-\\x20\\x7f~^:\\[\\\\]+$'].search(data):
            raise BrokenRule("" + (name_prefix or "data") + " must match pattern ^(?!-)[^\\x00-\\x20\\x7f~^:\\[\\\\]+$")
    return data

def validate____defs_time(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (str)):
        raise BrokenRule("" + (name_prefix or "data") + " must be string")
    if isinstance(data, str):
        if not REGEX_PATTERNS['^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,6})?Z$'].search(data):
            raise BrokenRule("" + (name_prefix or "data") + " must match pattern ^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,6})?Z$")
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
