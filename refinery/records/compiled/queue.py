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
