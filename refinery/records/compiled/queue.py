"""Made from schemas/queue.schema.json by tools/compile_schemas.py; do not edit."""
# ruff: noqa
# mypy: ignore-errors

import re

from refinery.records.compiled import BrokenRule

REGEX_PATTERNS = {
    '^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,6})?Z$': re.compile('^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,6})?Z\\Z'),
    '^[^\\x00-\\x08\\x0a-\\x1f\\x7f]*$': re.compile('^[^\\x00-\\x08\\x0a-\\x1f\\x7f]*\\Z'),
    '^[^\\x00-\\x1f\\x7f]+$': re.compile('^[^\\x00-\\x1f\\x7f]+\\Z'),
    '^[0-9a-f]{40}([0-9a-f]{24})?$': re.compile('^[0-9a-f]{40}([0-9a-f]{24})?\\Z'),
    '^(?!-)[^\\x00-\\x20\\x7f~^:?*\\[\\\\]+$': re.compile('^(?!-)[^\\x00-\\x20\\x7f~^:?*\\[\\\\]+\\Z')
}

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
                if data__paused_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".paused must not contain "+str(data__paused_keys)+" properties")
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
