"""Made from schemas/issue.schema.json by tools/compile_schemas.py; do not edit."""
# ruff: noqa
# mypy: ignore-errors

from refinery.records.compiled import BrokenRule, Patterns

FORMAT = 1
SINCE = (1, {})

REGEX_PATTERNS = Patterns({
    '^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,6})?Z$': '^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,6})?Z\\Z',
    '^[a-z][a-z0-9]*(-[a-z0-9]+)+$': '^[a-z][a-z0-9]*(-[a-z0-9]+)+\\Z',
    '^[^\\x00-\\x1f\\x7f]+$': '^[^\\x00-\\x1f\\x7f]+\\Z',
    '^[^\\x00-\\x08\\x0a-\\x1f\\x7f]*$': '^[^\\x00-\\x08\\x0a-\\x1f\\x7f]*\\Z',
    '^[a-z]+#[A-Za-z0-9._/-]+$': '^[a-z]+#[A-Za-z0-9._/-]+\\Z'
})

NoneType = type(None)

def validate(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (dict)):
        raise BrokenRule("" + (name_prefix or "data") + " must be object")
    data_is_dict = isinstance(data, dict)
    if data_is_dict:
        data__missing_keys = set(['version', 'id', 'state', 'title', 'body', 'created_at']) - data.keys()
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
            validate____defs_issue(data__id, custom_formats, (name_prefix or "data") + ".id")
        if "state" in data_keys:
            data_keys.remove("state")
            data__state = data["state"]
            if not (isinstance(data__state, str) and data__state == 'open' or isinstance(data__state, str) and data__state == 'closed'):
                raise BrokenRule("" + (name_prefix or "data") + ".state must be one of ['open', 'closed']")
        if "title" in data_keys:
            data_keys.remove("title")
            data__title = data["title"]
            validate____defs_line(data__title, custom_formats, (name_prefix or "data") + ".title")
        if "body" in data_keys:
            data_keys.remove("body")
            data__body = data["body"]
            validate____defs_text(data__body, custom_formats, (name_prefix or "data") + ".body")
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
        if "assignee" in data_keys:
            data_keys.remove("assignee")
            data__assignee = data["assignee"]
            validate____defs_name(data__assignee, custom_formats, (name_prefix or "data") + ".assignee")
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
        if "mr" in data_keys:
            data_keys.remove("mr")
            data__mr = data["mr"]
            validate____defs_id(data__mr, custom_formats, (name_prefix or "data") + ".mr")
        if "marker" in data_keys:
            data_keys.remove("marker")
            data__marker = data["marker"]
            validate____defs_line(data__marker, custom_formats, (name_prefix or "data") + ".marker")
        if "created_at" in data_keys:
            data_keys.remove("created_at")
            data__createdat = data["created_at"]
            validate____defs_time(data__createdat, custom_formats, (name_prefix or "data") + ".created_at")
        if "closed_at" in data_keys:
            data_keys.remove("closed_at")
            data__closedat = data["closed_at"]
            validate____defs_time(data__closedat, custom_formats, (name_prefix or "data") + ".closed_at")
        if "comments" in data_keys:
            data_keys.remove("comments")
            data__comments = data["comments"]
            if not isinstance(data__comments, (list, tuple)):
                raise BrokenRule("" + (name_prefix or "data") + ".comments must be array")
            data__comments_is_list = isinstance(data__comments, (list, tuple))
            if data__comments_is_list:
                data__comments_len = len(data__comments)
                if data__comments_len > 1000:
                    raise BrokenRule("" + (name_prefix or "data") + ".comments must contain less than or equal to 1000 items")
                for data__comments_x, data__comments_item in enumerate(data__comments):
                    if not isinstance(data__comments_item, (dict)):
                        raise BrokenRule("" + (name_prefix or "data") + ".comments[{data__comments_x}]".format(**locals()) + " must be object")
                    data__comments_item_is_dict = isinstance(data__comments_item, dict)
                    if data__comments_item_is_dict:
                        data__comments_item__missing_keys = set(['author', 'at', 'body']) - data__comments_item.keys()
                        if data__comments_item__missing_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".comments[{data__comments_x}]".format(**locals()) + " must contain ")
                        data__comments_item_keys = set(data__comments_item.keys())
                        if "author" in data__comments_item_keys:
                            data__comments_item_keys.remove("author")
                            data__comments_item__author = data__comments_item["author"]
                            validate____defs_name(data__comments_item__author, custom_formats, (name_prefix or "data") + ".comments[{data__comments_x}].author".format(**locals()))
                        if "at" in data__comments_item_keys:
                            data__comments_item_keys.remove("at")
                            data__comments_item__at = data__comments_item["at"]
                            validate____defs_time(data__comments_item__at, custom_formats, (name_prefix or "data") + ".comments[{data__comments_x}].at".format(**locals()))
                        if "body" in data__comments_item_keys:
                            data__comments_item_keys.remove("body")
                            data__comments_item__body = data__comments_item["body"]
                            validate____defs_text(data__comments_item__body, custom_formats, (name_prefix or "data") + ".comments[{data__comments_x}].body".format(**locals()))
                        if data__comments_item_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".comments[{data__comments_x}]".format(**locals()) + " must not contain "+str(data__comments_item_keys)+" properties")
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

def validate____defs_text(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (str)):
        raise BrokenRule("" + (name_prefix or "data") + " must be string")
    if isinstance(data, str):
        data_len = len(data)
        if data_len > 65536:
            raise BrokenRule("" + (name_prefix or "data") + " must be shorter than or equal to 65536 characters")
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
