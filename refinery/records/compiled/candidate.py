"""Made from schemas/candidate.schema.json by tools/compile_schemas.py; do not edit."""
# ruff: noqa
# mypy: ignore-errors

from refinery.records.compiled import BrokenRule, Patterns

FORMAT = 1
SINCE = (1, {})

REGEX_PATTERNS = Patterns({
    '^[0-9a-f]{16}$': '^[0-9a-f]{16}\\Z',
    '^[0-9a-f]{32}$': '^[0-9a-f]{32}\\Z',
    '^[a-z][a-z0-9]*(-[a-z0-9]+)+$': '^[a-z][a-z0-9]*(-[a-z0-9]+)+\\Z',
    '^[0-9a-f]{40}([0-9a-f]{24})?$': '^[0-9a-f]{40}([0-9a-f]{24})?\\Z',
    '^(?!-)[^\\x00-\\x20\\x7f~^:?*\\[\\\\]+$': '^(?!-)[^\\x00-\\x20\\x7f~^:?*\\[\\\\]+\\Z'
})

NoneType = type(None)

def validate(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (dict)):
        raise BrokenRule("" + (name_prefix or "data") + " must be object")
    data_is_dict = isinstance(data, dict)
    if data_is_dict:
        data__missing_keys = set(['version', 'target', 'base', 'tree', 'fingerprint']) - data.keys()
        if data__missing_keys:
            raise BrokenRule("" + (name_prefix or "data") + " must contain ")
        data_keys = set(data.keys())
        if "version" in data_keys:
            data_keys.remove("version")
            data__version = data["version"]
            if not (isinstance(data__version, (int, float)) and not isinstance(data__version, bool) and data__version == 1):
                raise BrokenRule("" + (name_prefix or "data") + ".version must be one of [1]")
        if "target" in data_keys:
            data_keys.remove("target")
            data__target = data["target"]
            validate____defs_branch(data__target, custom_formats, (name_prefix or "data") + ".target")
        if "base" in data_keys:
            data_keys.remove("base")
            data__base = data["base"]
            validate____defs_sha(data__base, custom_formats, (name_prefix or "data") + ".base")
        if "tree" in data_keys:
            data_keys.remove("tree")
            data__tree = data["tree"]
            validate____defs_sha(data__tree, custom_formats, (name_prefix or "data") + ".tree")
        if "fingerprint" in data_keys:
            data_keys.remove("fingerprint")
            data__fingerprint = data["fingerprint"]
            if not isinstance(data__fingerprint, (str)):
                raise BrokenRule("" + (name_prefix or "data") + ".fingerprint must be string")
            if isinstance(data__fingerprint, str):
                if not REGEX_PATTERNS['^[0-9a-f]{16}$'].search(data__fingerprint):
                    raise BrokenRule("" + (name_prefix or "data") + ".fingerprint must match pattern ^[0-9a-f]{16}$")
        if "members" in data_keys:
            data_keys.remove("members")
            data__members = data["members"]
            if not isinstance(data__members, (list, tuple)):
                raise BrokenRule("" + (name_prefix or "data") + ".members must be array")
            data__members_is_list = isinstance(data__members, (list, tuple))
            if data__members_is_list:
                data__members_len = len(data__members)
                if data__members_len > 1000:
                    raise BrokenRule("" + (name_prefix or "data") + ".members must contain less than or equal to 1000 items")
                for data__members_x, data__members_item in enumerate(data__members):
                    validate____defs_id(data__members_item, custom_formats, (name_prefix or "data") + ".members[{data__members_x}]".format(**locals()))
        if "token" in data_keys:
            data_keys.remove("token")
            data__token = data["token"]
            if not isinstance(data__token, (str)):
                raise BrokenRule("" + (name_prefix or "data") + ".token must be string")
            if isinstance(data__token, str):
                if not REGEX_PATTERNS['^[0-9a-f]{32}$'].search(data__token):
                    raise BrokenRule("" + (name_prefix or "data") + ".token must match pattern ^[0-9a-f]{32}$")
        if data_keys:
            raise BrokenRule("" + (name_prefix or "data") + " must not contain "+str(data_keys)+" properties")
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
