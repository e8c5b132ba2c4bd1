"""Made from schemas/verdict.schema.json by tools/compile_schemas.py; do not edit."""
# ruff: noqa
# mypy: ignore-errors

from refinery.records.compiled import BrokenRule, Patterns

FORMAT = 1
SINCE = (1, {})

REGEX_PATTERNS = Patterns({
    '^[0-9a-f]{16}$': '^[0-9a-f]{16}\\Z',
    '^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,6})?Z$': '^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,6})?Z\\Z',
    '^[^\\x00-\\x08\\x0a-\\x1f\\x7f]*$': '^[^\\x00-\\x08\\x0a-\\x1f\\x7f]*\\Z',
    '^[^\\x00-\\x1f\\x7f]+$': '^[^\\x00-\\x1f\\x7f]+\\Z',
    '^[a-z][a-z0-9]*(-[a-z0-9]+)+$': '^[a-z][a-z0-9]*(-[a-z0-9]+)+\\Z',
    '^(?!-)[^\\x00-\\x20\\x7f~^:?*\\[\\\\]+$': '^(?!-)[^\\x00-\\x20\\x7f~^:?*\\[\\\\]+\\Z',
    '^[0-9a-f]{40}([0-9a-f]{24})?$': '^[0-9a-f]{40}([0-9a-f]{24})?\\Z'
})

NoneType = type(None)

def validate(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (dict)):
        raise BrokenRule("" + (name_prefix or "data") + " must be object")
    data_is_dict = isinstance(data, dict)
    if data_is_dict:
        data__missing_keys = set(['version', 'tree', 'fingerprint', 'result', 'runs', 'target', 'base', 'candidate', 'seconds', 'at', 'worker']) - data.keys()
        if data__missing_keys:
            raise BrokenRule("" + (name_prefix or "data") + " must contain ")
        data_keys = set(data.keys())
        if "version" in data_keys:
            data_keys.remove("version")
            data__version = data["version"]
            if not (isinstance(data__version, (int, float)) and not isinstance(data__version, bool) and data__version == 1):
                raise BrokenRule("" + (name_prefix or "data") + ".version must be one of [1]")
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
        if "result" in data_keys:
            data_keys.remove("result")
            data__result = data["result"]
            if not (isinstance(data__result, str) and data__result == 'pass' or isinstance(data__result, str) and data__result == 'fail' or isinstance(data__result, str) and data__result == 'error' or isinstance(data__result, str) and data__result == 'timeout'):
                raise BrokenRule("" + (name_prefix or "data") + ".result must be one of ['pass', 'fail', 'error', 'timeout']")
        if "runs" in data_keys:
            data_keys.remove("runs")
            data__runs = data["runs"]
            if not isinstance(data__runs, (int)) and not (isinstance(data__runs, float) and data__runs.is_integer()) or isinstance(data__runs, bool):
                raise BrokenRule("" + (name_prefix or "data") + ".runs must be integer")
            if isinstance(data__runs, (int, float)) and not isinstance(data__runs, bool):
                if data__runs < 1:
                    raise BrokenRule("" + (name_prefix or "data") + ".runs must be bigger than or equal to 1")
        if "flaky" in data_keys:
            data_keys.remove("flaky")
            data__flaky = data["flaky"]
            if not isinstance(data__flaky, (bool)):
                raise BrokenRule("" + (name_prefix or "data") + ".flaky must be boolean")
        if "purpose" in data_keys:
            data_keys.remove("purpose")
            data__purpose = data["purpose"]
            if not (isinstance(data__purpose, str) and data__purpose == 'base' or isinstance(data__purpose, str) and data__purpose == 'cut' or isinstance(data__purpose, str) and data__purpose == 'train' or isinstance(data__purpose, str) and data__purpose == 'chain' or isinstance(data__purpose, str) and data__purpose == 'split' or isinstance(data__purpose, str) and data__purpose == 'screen' or isinstance(data__purpose, str) and data__purpose == 'hedge'):
                raise BrokenRule("" + (name_prefix or "data") + ".purpose must be one of ['base', 'cut', 'train', 'chain', 'split', 'screen', 'hedge']")
        if "target" in data_keys:
            data_keys.remove("target")
            data__target = data["target"]
            validate____defs_branch(data__target, custom_formats, (name_prefix or "data") + ".target")
        if "base" in data_keys:
            data_keys.remove("base")
            data__base = data["base"]
            validate____defs_sha(data__base, custom_formats, (name_prefix or "data") + ".base")
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
        if "checks" in data_keys:
            data_keys.remove("checks")
            data__checks = data["checks"]
            if not isinstance(data__checks, (list, tuple)):
                raise BrokenRule("" + (name_prefix or "data") + ".checks must be array")
            data__checks_is_list = isinstance(data__checks, (list, tuple))
            if data__checks_is_list:
                data__checks_len = len(data__checks)
                if data__checks_len > 200:
                    raise BrokenRule("" + (name_prefix or "data") + ".checks must contain less than or equal to 200 items")
                for data__checks_x, data__checks_item in enumerate(data__checks):
                    if not isinstance(data__checks_item, (dict)):
                        raise BrokenRule("" + (name_prefix or "data") + ".checks[{data__checks_x}]".format(**locals()) + " must be object")
                    data__checks_item_is_dict = isinstance(data__checks_item, dict)
                    if data__checks_item_is_dict:
                        data__checks_item__missing_keys = set(['name', 'verdict', 'seconds']) - data__checks_item.keys()
                        if data__checks_item__missing_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".checks[{data__checks_x}]".format(**locals()) + " must contain ")
                        data__checks_item_keys = set(data__checks_item.keys())
                        if "name" in data__checks_item_keys:
                            data__checks_item_keys.remove("name")
                            data__checks_item__name = data__checks_item["name"]
                            validate____defs_name(data__checks_item__name, custom_formats, (name_prefix or "data") + ".checks[{data__checks_x}].name".format(**locals()))
                        if "verdict" in data__checks_item_keys:
                            data__checks_item_keys.remove("verdict")
                            data__checks_item__verdict = data__checks_item["verdict"]
                            if not (isinstance(data__checks_item__verdict, str) and data__checks_item__verdict == 'pass' or isinstance(data__checks_item__verdict, str) and data__checks_item__verdict == 'fail' or isinstance(data__checks_item__verdict, str) and data__checks_item__verdict == 'error' or isinstance(data__checks_item__verdict, str) and data__checks_item__verdict == 'timeout'):
                                raise BrokenRule("" + (name_prefix or "data") + ".checks[{data__checks_x}].verdict".format(**locals()) + " must be one of ['pass', 'fail', 'error', 'timeout']")
                        if "exit_code" in data__checks_item_keys:
                            data__checks_item_keys.remove("exit_code")
                            data__checks_item__exitcode = data__checks_item["exit_code"]
                            if not isinstance(data__checks_item__exitcode, (int, NoneType)) and not (isinstance(data__checks_item__exitcode, float) and data__checks_item__exitcode.is_integer()) or isinstance(data__checks_item__exitcode, bool):
                                raise BrokenRule("" + (name_prefix or "data") + ".checks[{data__checks_x}].exit_code".format(**locals()) + " must be integer or null")
                        if "seconds" in data__checks_item_keys:
                            data__checks_item_keys.remove("seconds")
                            data__checks_item__seconds = data__checks_item["seconds"]
                            if not isinstance(data__checks_item__seconds, (int, float)) or isinstance(data__checks_item__seconds, bool):
                                raise BrokenRule("" + (name_prefix or "data") + ".checks[{data__checks_x}].seconds".format(**locals()) + " must be number")
                            if isinstance(data__checks_item__seconds, (int, float)) and not isinstance(data__checks_item__seconds, bool):
                                if data__checks_item__seconds < 0:
                                    raise BrokenRule("" + (name_prefix or "data") + ".checks[{data__checks_x}].seconds".format(**locals()) + " must be bigger than or equal to 0")
                                if data__checks_item__seconds > 2592000:
                                    raise BrokenRule("" + (name_prefix or "data") + ".checks[{data__checks_x}].seconds".format(**locals()) + " must be smaller than or equal to 2592000")
                        if "note" in data__checks_item_keys:
                            data__checks_item_keys.remove("note")
                            data__checks_item__note = data__checks_item["note"]
                            validate____defs_line(data__checks_item__note, custom_formats, (name_prefix or "data") + ".checks[{data__checks_x}].note".format(**locals()))
                        if "tail" in data__checks_item_keys:
                            data__checks_item_keys.remove("tail")
                            data__checks_item__tail = data__checks_item["tail"]
                            validate____defs_text(data__checks_item__tail, custom_formats, (name_prefix or "data") + ".checks[{data__checks_x}].tail".format(**locals()))
                        if data__checks_item_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".checks[{data__checks_x}]".format(**locals()) + " must not contain "+str(data__checks_item_keys)+" properties")
        if "seconds" in data_keys:
            data_keys.remove("seconds")
            data__seconds = data["seconds"]
            if not isinstance(data__seconds, (int, float)) or isinstance(data__seconds, bool):
                raise BrokenRule("" + (name_prefix or "data") + ".seconds must be number")
            if isinstance(data__seconds, (int, float)) and not isinstance(data__seconds, bool):
                if data__seconds < 0:
                    raise BrokenRule("" + (name_prefix or "data") + ".seconds must be bigger than or equal to 0")
                if data__seconds > 2592000:
                    raise BrokenRule("" + (name_prefix or "data") + ".seconds must be smaller than or equal to 2592000")
        if "took" in data_keys:
            data_keys.remove("took")
            data__took = data["took"]
            if not isinstance(data__took, (int, float)) or isinstance(data__took, bool):
                raise BrokenRule("" + (name_prefix or "data") + ".took must be number")
            if isinstance(data__took, (int, float)) and not isinstance(data__took, bool):
                if data__took < 0:
                    raise BrokenRule("" + (name_prefix or "data") + ".took must be bigger than or equal to 0")
                if data__took > 2592000:
                    raise BrokenRule("" + (name_prefix or "data") + ".took must be smaller than or equal to 2592000")
        if "at" in data_keys:
            data_keys.remove("at")
            data__at = data["at"]
            validate____defs_time(data__at, custom_formats, (name_prefix or "data") + ".at")
        if "worker" in data_keys:
            data_keys.remove("worker")
            data__worker = data["worker"]
            validate____defs_name(data__worker, custom_formats, (name_prefix or "data") + ".worker")
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

def validate____defs_sha(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (str)):
        raise BrokenRule("" + (name_prefix or "data") + " must be string")
    if isinstance(data, str):
        if not REGEX_PATTERNS['^[0-9a-f]{40}([0-9a-f]{24})?$'].search(data):
            raise BrokenRule("" + (name_prefix or "data") + " must match pattern ^[0-9a-f]{40}([0-9a-f]{24})?$")
    return data
