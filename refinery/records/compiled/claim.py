"""Made from schemas/claim.schema.json by tools/compile_schemas.py; do not edit."""
# ruff: noqa
# mypy: ignore-errors

import re

from refinery.records.compiled import BrokenRule

REGEX_PATTERNS = {
    '^[0-9a-f]{32}$': re.compile('^[0-9a-f]{32}\\Z'),
    '^[0-9a-f]{40}([0-9a-f]{24})?$': re.compile('^[0-9a-f]{40}([0-9a-f]{24})?\\Z'),
    '^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,6})?Z$': re.compile('^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,6})?Z\\Z'),
    '^(?!-)[^\\x00-\\x20\\x7f~^:?*\\[\\\\]+$': re.compile('^(?!-)[^\\x00-\\x20\\x7f~^:?*\\[\\\\]+\\Z'),
    '^[a-z][a-z0-9]*(-[a-z0-9]+)+$': re.compile('^[a-z][a-z0-9]*(-[a-z0-9]+)+\\Z'),
    '^[^\\x00-\\x1f\\x7f]+$': re.compile('^[^\\x00-\\x1f\\x7f]+\\Z')
}

NoneType = type(None)

def validate(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (dict)):
        raise BrokenRule("" + (name_prefix or "data") + " must be object")
    data_is_dict = isinstance(data, dict)
    if data_is_dict:
        data__missing_keys = set(['version', 'token', 'worker', 'candidate', 'target', 'claimed_at', 'expires_at']) - data.keys()
        if data__missing_keys:
            raise BrokenRule("" + (name_prefix or "data") + " must contain ")
        data_keys = set(data.keys())
        if "version" in data_keys:
            data_keys.remove("version")
            data__version = data["version"]
            if not (isinstance(data__version, (int, float)) and not isinstance(data__version, bool) and data__version == 1):
                raise BrokenRule("" + (name_prefix or "data") + ".version must be one of [1]")
        if "token" in data_keys:
            data_keys.remove("token")
            data__token = data["token"]
            if not isinstance(data__token, (str)):
                raise BrokenRule("" + (name_prefix or "data") + ".token must be string")
            if isinstance(data__token, str):
                if not REGEX_PATTERNS['^[0-9a-f]{32}$'].search(data__token):
                    raise BrokenRule("" + (name_prefix or "data") + ".token must match pattern ^[0-9a-f]{32}$")
        if "worker" in data_keys:
            data_keys.remove("worker")
            data__worker = data["worker"]
            validate____defs_name(data__worker, custom_formats, (name_prefix or "data") + ".worker")
        if "candidate" in data_keys:
            data_keys.remove("candidate")
            data__candidate = data["candidate"]
            if not isinstance(data__candidate, (list, tuple)):
                raise BrokenRule("" + (name_prefix or "data") + ".candidate must be array")
            data__candidate_is_list = isinstance(data__candidate, (list, tuple))
            if data__candidate_is_list:
                data__candidate_len = len(data__candidate)
                if data__candidate_len > 1000:
                    raise BrokenRule("" + (name_prefix or "data") + ".candidate must contain less than or equal to 1000 items")
                for data__candidate_x, data__candidate_item in enumerate(data__candidate):
                    validate____defs_id(data__candidate_item, custom_formats, (name_prefix or "data") + ".candidate[{data__candidate_x}]".format(**locals()))
        if "target" in data_keys:
            data_keys.remove("target")
            data__target = data["target"]
            validate____defs_branch(data__target, custom_formats, (name_prefix or "data") + ".target")
        if "claimed_at" in data_keys:
            data_keys.remove("claimed_at")
            data__claimedat = data["claimed_at"]
            validate____defs_time(data__claimedat, custom_formats, (name_prefix or "data") + ".claimed_at")
        if "expires_at" in data_keys:
            data_keys.remove("expires_at")
            data__expiresat = data["expires_at"]
            validate____defs_time(data__expiresat, custom_formats, (name_prefix or "data") + ".expires_at")
        if "base" in data_keys:
            data_keys.remove("base")
            data__base = data["base"]
            validate____defs_sha(data__base, custom_formats, (name_prefix or "data") + ".base")
        if "purpose" in data_keys:
            data_keys.remove("purpose")
            data__purpose = data["purpose"]
            if not (isinstance(data__purpose, str) and data__purpose == 'base' or isinstance(data__purpose, str) and data__purpose == 'cut' or isinstance(data__purpose, str) and data__purpose == 'train' or isinstance(data__purpose, str) and data__purpose == 'chain' or isinstance(data__purpose, str) and data__purpose == 'split' or isinstance(data__purpose, str) and data__purpose == 'screen' or isinstance(data__purpose, str) and data__purpose == 'hedge'):
                raise BrokenRule("" + (name_prefix or "data") + ".purpose must be one of ['base', 'cut', 'train', 'chain', 'split', 'screen', 'hedge']")
        if data_keys:
            raise BrokenRule("" + (name_prefix or "data") + " must not contain "+str(data_keys)+" properties")
    return data

def validate____defs_sha(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (str)):
        raise BrokenRule("" + (name_prefix or "data") + " must be string")
    if isinstance(data, str):
        if not REGEX_PATTERNS['^[0-9a-f]{40}([0-9a-f]{24})?$'].search(data):
            raise BrokenRule("" + (name_prefix or "data") + " must match pattern ^[0-9a-f]{40}([0-9a-f]{24})?$")
    return data

def validate____defs_time(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (str)):
        raise BrokenRule("" + (name_prefix or "data") + " must be string")
    if isinstance(data, str):
        if not REGEX_PATTERNS['^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,6})?Z$'].search(data):
            raise BrokenRule("" + (name_prefix or "data") + " must match pattern ^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,6})?Z$")
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
