"""Made from schemas/claim.schema.json by tools/compile_schemas.py; do not edit."""
# ruff: noqa
# mypy: ignore-errors

from refinery.records.compiled import BrokenRule, Patterns

FORMAT = 1
SINCE = (1, {})

REGEX_PATTERNS = Patterns({
    '^[0-9a-f]{32}$': '^[0-9a-f]{32}\\Z',
    '^[0-9a-f]{16}$': '^[0-9a-f]{16}\\Z',
    '^[^\\x00-\\x08\\x0a-\\x1f\\x7f]*$': '^[^\\x00-\\x08\\x0a-\\x1f\\x7f]*\\Z',
    '^[0-9a-f]{40}([0-9a-f]{24})?$': '^[0-9a-f]{40}([0-9a-f]{24})?\\Z',
    '^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,6})?Z$': '^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,6})?Z\\Z',
    '^(?!-)[^\\x00-\\x20\\x7f~^:?*\\[\\\\]+$': '^(?!-)[^\\x00-\\x20\\x7f~^:?*\\[\\\\]+\\Z',
    '^[a-z][a-z0-9]*(-[a-z0-9]+)+$': '^[a-z][a-z0-9]*(-[a-z0-9]+)+\\Z',
    '^[^\\x00-\\x1f\\x7f]+$': '^[^\\x00-\\x1f\\x7f]+\\Z'
})

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
        if "verdict" in data_keys:
            data_keys.remove("verdict")
            data__verdict = data["verdict"]
            if not isinstance(data__verdict, (dict)):
                raise BrokenRule("" + (name_prefix or "data") + ".verdict must be object")
            data__verdict_is_dict = isinstance(data__verdict, dict)
            if data__verdict_is_dict:
                data__verdict__missing_keys = set(['tree', 'fingerprint', 'result', 'runs', 'target', 'base', 'candidate', 'seconds', 'at', 'worker']) - data__verdict.keys()
                if data__verdict__missing_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".verdict must contain ")
                data__verdict_keys = set(data__verdict.keys())
                if "tree" in data__verdict_keys:
                    data__verdict_keys.remove("tree")
                    data__verdict__tree = data__verdict["tree"]
                    validate____defs_sha(data__verdict__tree, custom_formats, (name_prefix or "data") + ".verdict.tree")
                if "fingerprint" in data__verdict_keys:
                    data__verdict_keys.remove("fingerprint")
                    data__verdict__fingerprint = data__verdict["fingerprint"]
                    if not isinstance(data__verdict__fingerprint, (str)):
                        raise BrokenRule("" + (name_prefix or "data") + ".verdict.fingerprint must be string")
                    if isinstance(data__verdict__fingerprint, str):
                        if not REGEX_PATTERNS['^[0-9a-f]{16}$'].search(data__verdict__fingerprint):
                            raise BrokenRule("" + (name_prefix or "data") + ".verdict.fingerprint must match pattern ^[0-9a-f]{16}$")
                if "result" in data__verdict_keys:
                    data__verdict_keys.remove("result")
                    data__verdict__result = data__verdict["result"]
                    if not (isinstance(data__verdict__result, str) and data__verdict__result == 'pass' or isinstance(data__verdict__result, str) and data__verdict__result == 'fail' or isinstance(data__verdict__result, str) and data__verdict__result == 'error' or isinstance(data__verdict__result, str) and data__verdict__result == 'timeout'):
                        raise BrokenRule("" + (name_prefix or "data") + ".verdict.result must be one of ['pass', 'fail', 'error', 'timeout']")
                if "runs" in data__verdict_keys:
                    data__verdict_keys.remove("runs")
                    data__verdict__runs = data__verdict["runs"]
                    if not isinstance(data__verdict__runs, (int)) and not (isinstance(data__verdict__runs, float) and data__verdict__runs.is_integer()) or isinstance(data__verdict__runs, bool):
                        raise BrokenRule("" + (name_prefix or "data") + ".verdict.runs must be integer")
                    if isinstance(data__verdict__runs, (int, float)) and not isinstance(data__verdict__runs, bool):
                        if data__verdict__runs < 1:
                            raise BrokenRule("" + (name_prefix or "data") + ".verdict.runs must be bigger than or equal to 1")
                if "flaky" in data__verdict_keys:
                    data__verdict_keys.remove("flaky")
                    data__verdict__flaky = data__verdict["flaky"]
                    if not isinstance(data__verdict__flaky, (bool)):
                        raise BrokenRule("" + (name_prefix or "data") + ".verdict.flaky must be boolean")
                if "purpose" in data__verdict_keys:
                    data__verdict_keys.remove("purpose")
                    data__verdict__purpose = data__verdict["purpose"]
                    if not (isinstance(data__verdict__purpose, str) and data__verdict__purpose == 'base' or isinstance(data__verdict__purpose, str) and data__verdict__purpose == 'cut' or isinstance(data__verdict__purpose, str) and data__verdict__purpose == 'train' or isinstance(data__verdict__purpose, str) and data__verdict__purpose == 'chain' or isinstance(data__verdict__purpose, str) and data__verdict__purpose == 'split' or isinstance(data__verdict__purpose, str) and data__verdict__purpose == 'screen' or isinstance(data__verdict__purpose, str) and data__verdict__purpose == 'hedge'):
                        raise BrokenRule("" + (name_prefix or "data") + ".verdict.purpose must be one of ['base', 'cut', 'train', 'chain', 'split', 'screen', 'hedge']")
                if "target" in data__verdict_keys:
                    data__verdict_keys.remove("target")
                    data__verdict__target = data__verdict["target"]
                    validate____defs_branch(data__verdict__target, custom_formats, (name_prefix or "data") + ".verdict.target")
                if "base" in data__verdict_keys:
                    data__verdict_keys.remove("base")
                    data__verdict__base = data__verdict["base"]
                    validate____defs_sha(data__verdict__base, custom_formats, (name_prefix or "data") + ".verdict.base")
                if "candidate" in data__verdict_keys:
                    data__verdict_keys.remove("candidate")
                    data__verdict__candidate = data__verdict["candidate"]
                    if not isinstance(data__verdict__candidate, (list, tuple)):
                        raise BrokenRule("" + (name_prefix or "data") + ".verdict.candidate must be array")
                    data__verdict__candidate_is_list = isinstance(data__verdict__candidate, (list, tuple))
                    if data__verdict__candidate_is_list:
                        data__verdict__candidate_len = len(data__verdict__candidate)
                        if data__verdict__candidate_len > 1000:
                            raise BrokenRule("" + (name_prefix or "data") + ".verdict.candidate must contain less than or equal to 1000 items")
                        for data__verdict__candidate_x, data__verdict__candidate_item in enumerate(data__verdict__candidate):
                            validate____defs_id(data__verdict__candidate_item, custom_formats, (name_prefix or "data") + ".verdict.candidate[{data__verdict__candidate_x}]".format(**locals()))
                if "checks" in data__verdict_keys:
                    data__verdict_keys.remove("checks")
                    data__verdict__checks = data__verdict["checks"]
                    if not isinstance(data__verdict__checks, (list, tuple)):
                        raise BrokenRule("" + (name_prefix or "data") + ".verdict.checks must be array")
                    data__verdict__checks_is_list = isinstance(data__verdict__checks, (list, tuple))
                    if data__verdict__checks_is_list:
                        data__verdict__checks_len = len(data__verdict__checks)
                        if data__verdict__checks_len > 200:
                            raise BrokenRule("" + (name_prefix or "data") + ".verdict.checks must contain less than or equal to 200 items")
                        for data__verdict__checks_x, data__verdict__checks_item in enumerate(data__verdict__checks):
                            if not isinstance(data__verdict__checks_item, (dict)):
                                raise BrokenRule("" + (name_prefix or "data") + ".verdict.checks[{data__verdict__checks_x}]".format(**locals()) + " must be object")
                            data__verdict__checks_item_is_dict = isinstance(data__verdict__checks_item, dict)
                            if data__verdict__checks_item_is_dict:
                                data__verdict__checks_item__missing_keys = set(['name', 'verdict', 'seconds']) - data__verdict__checks_item.keys()
                                if data__verdict__checks_item__missing_keys:
                                    raise BrokenRule("" + (name_prefix or "data") + ".verdict.checks[{data__verdict__checks_x}]".format(**locals()) + " must contain ")
                                data__verdict__checks_item_keys = set(data__verdict__checks_item.keys())
                                if "name" in data__verdict__checks_item_keys:
                                    data__verdict__checks_item_keys.remove("name")
                                    data__verdict__checks_item__name = data__verdict__checks_item["name"]
                                    validate____defs_name(data__verdict__checks_item__name, custom_formats, (name_prefix or "data") + ".verdict.checks[{data__verdict__checks_x}].name".format(**locals()))
                                if "verdict" in data__verdict__checks_item_keys:
                                    data__verdict__checks_item_keys.remove("verdict")
                                    data__verdict__checks_item__verdict = data__verdict__checks_item["verdict"]
                                    if not (isinstance(data__verdict__checks_item__verdict, str) and data__verdict__checks_item__verdict == 'pass' or isinstance(data__verdict__checks_item__verdict, str) and data__verdict__checks_item__verdict == 'fail' or isinstance(data__verdict__checks_item__verdict, str) and data__verdict__checks_item__verdict == 'error' or isinstance(data__verdict__checks_item__verdict, str) and data__verdict__checks_item__verdict == 'timeout'):
                                        raise BrokenRule("" + (name_prefix or "data") + ".verdict.checks[{data__verdict__checks_x}].verdict".format(**locals()) + " must be one of ['pass', 'fail', 'error', 'timeout']")
                                if "exit_code" in data__verdict__checks_item_keys:
                                    data__verdict__checks_item_keys.remove("exit_code")
                                    data__verdict__checks_item__exitcode = data__verdict__checks_item["exit_code"]
                                    if not isinstance(data__verdict__checks_item__exitcode, (int, NoneType)) and not (isinstance(data__verdict__checks_item__exitcode, float) and data__verdict__checks_item__exitcode.is_integer()) or isinstance(data__verdict__checks_item__exitcode, bool):
                                        raise BrokenRule("" + (name_prefix or "data") + ".verdict.checks[{data__verdict__checks_x}].exit_code".format(**locals()) + " must be integer or null")
                                if "seconds" in data__verdict__checks_item_keys:
                                    data__verdict__checks_item_keys.remove("seconds")
                                    data__verdict__checks_item__seconds = data__verdict__checks_item["seconds"]
                                    if not isinstance(data__verdict__checks_item__seconds, (int, float)) or isinstance(data__verdict__checks_item__seconds, bool):
                                        raise BrokenRule("" + (name_prefix or "data") + ".verdict.checks[{data__verdict__checks_x}].seconds".format(**locals()) + " must be number")
                                    if isinstance(data__verdict__checks_item__seconds, (int, float)) and not isinstance(data__verdict__checks_item__seconds, bool):
                                        if data__verdict__checks_item__seconds < 0:
                                            raise BrokenRule("" + (name_prefix or "data") + ".verdict.checks[{data__verdict__checks_x}].seconds".format(**locals()) + " must be bigger than or equal to 0")
                                        if data__verdict__checks_item__seconds > 2592000:
                                            raise BrokenRule("" + (name_prefix or "data") + ".verdict.checks[{data__verdict__checks_x}].seconds".format(**locals()) + " must be smaller than or equal to 2592000")
                                if "note" in data__verdict__checks_item_keys:
                                    data__verdict__checks_item_keys.remove("note")
                                    data__verdict__checks_item__note = data__verdict__checks_item["note"]
                                    validate____defs_line(data__verdict__checks_item__note, custom_formats, (name_prefix or "data") + ".verdict.checks[{data__verdict__checks_x}].note".format(**locals()))
                                if "tail" in data__verdict__checks_item_keys:
                                    data__verdict__checks_item_keys.remove("tail")
                                    data__verdict__checks_item__tail = data__verdict__checks_item["tail"]
                                    validate____defs_text(data__verdict__checks_item__tail, custom_formats, (name_prefix or "data") + ".verdict.checks[{data__verdict__checks_x}].tail".format(**locals()))
                                if data__verdict__checks_item_keys:
                                    raise BrokenRule("" + (name_prefix or "data") + ".verdict.checks[{data__verdict__checks_x}]".format(**locals()) + " must not contain "+str(data__verdict__checks_item_keys)+" properties")
                if "seconds" in data__verdict_keys:
                    data__verdict_keys.remove("seconds")
                    data__verdict__seconds = data__verdict["seconds"]
                    if not isinstance(data__verdict__seconds, (int, float)) or isinstance(data__verdict__seconds, bool):
                        raise BrokenRule("" + (name_prefix or "data") + ".verdict.seconds must be number")
                    if isinstance(data__verdict__seconds, (int, float)) and not isinstance(data__verdict__seconds, bool):
                        if data__verdict__seconds < 0:
                            raise BrokenRule("" + (name_prefix or "data") + ".verdict.seconds must be bigger than or equal to 0")
                        if data__verdict__seconds > 2592000:
                            raise BrokenRule("" + (name_prefix or "data") + ".verdict.seconds must be smaller than or equal to 2592000")
                if "took" in data__verdict_keys:
                    data__verdict_keys.remove("took")
                    data__verdict__took = data__verdict["took"]
                    if not isinstance(data__verdict__took, (int, float)) or isinstance(data__verdict__took, bool):
                        raise BrokenRule("" + (name_prefix or "data") + ".verdict.took must be number")
                    if isinstance(data__verdict__took, (int, float)) and not isinstance(data__verdict__took, bool):
                        if data__verdict__took < 0:
                            raise BrokenRule("" + (name_prefix or "data") + ".verdict.took must be bigger than or equal to 0")
                        if data__verdict__took > 2592000:
                            raise BrokenRule("" + (name_prefix or "data") + ".verdict.took must be smaller than or equal to 2592000")
                if "at" in data__verdict_keys:
                    data__verdict_keys.remove("at")
                    data__verdict__at = data__verdict["at"]
                    validate____defs_time(data__verdict__at, custom_formats, (name_prefix or "data") + ".verdict.at")
                if "worker" in data__verdict_keys:
                    data__verdict_keys.remove("worker")
                    data__verdict__worker = data__verdict["worker"]
                    validate____defs_name(data__verdict__worker, custom_formats, (name_prefix or "data") + ".verdict.worker")
                if data__verdict_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".verdict must not contain "+str(data__verdict_keys)+" properties")
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
