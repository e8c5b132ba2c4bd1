"""Made from schemas/config.schema.json by tools/compile_schemas.py; do not edit."""
# ruff: noqa
# mypy: ignore-errors

from refinery.records.compiled import BrokenRule, Patterns

FORMAT = 1
SINCE = (1, {})

REGEX_PATTERNS = Patterns({
    '^[A-Za-z0-9][A-Za-z0-9._ -]*$': '^[A-Za-z0-9][A-Za-z0-9._ -]*\\Z',
    '^[0-9]+(\\.[0-9]+)?(ms|s|m|h)?$': '^[0-9]+(\\.[0-9]+)?(ms|s|m|h)?\\Z',
    '^[A-Za-z_][A-Za-z0-9_]*$': '^[A-Za-z_][A-Za-z0-9_]*\\Z',
    '^[^{}]*\\{epic\\}[^{}]*$': '^[^{}]*\\{epic\\}[^{}]*\\Z',
    '^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9_.-]+)+$': '^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9_.-]+)+\\Z',
    '^[A-Z_][A-Z0-9_]*$': '^[A-Z_][A-Z0-9_]*\\Z',
    '^[^\\x00-\\x1f\\x7f]+$': '^[^\\x00-\\x1f\\x7f]+\\Z',
    '^[^\\x00-\\x08\\x0a-\\x1f\\x7f]*$': '^[^\\x00-\\x08\\x0a-\\x1f\\x7f]*\\Z',
    '^((mon|tue|wed|thu|fri|sat|sun) )?(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$|^[0-9]{4}-[01][0-9]-[0-3][0-9]([ T]([01][0-9]|2[0-3]):[0-5][0-9])?$': '^((mon|tue|wed|thu|fri|sat|sun) )?(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)\\Z|^[0-9]{4}-[01][0-9]-[0-3][0-9]([ T]([01][0-9]|2[0-3]):[0-5][0-9])?\\Z',
    '^[^\\x00-\\x1f\\x7f,]+$': '^[^\\x00-\\x1f\\x7f,]+\\Z'
})

NoneType = type(None)

def validate(data, custom_formats={}, name_prefix=None):
    if not isinstance(data, (dict)):
        raise BrokenRule("" + (name_prefix or "data") + " must be object")
    data_is_dict = isinstance(data, dict)
    if data_is_dict:
        data__missing_keys = set(['version']) - data.keys()
        if data__missing_keys:
            raise BrokenRule("" + (name_prefix or "data") + " must contain ")
        data_keys = set(data.keys())
        if "version" in data_keys:
            data_keys.remove("version")
            data__version = data["version"]
            if not (isinstance(data__version, (int, float)) and not isinstance(data__version, bool) and data__version == 1):
                raise BrokenRule("" + (name_prefix or "data") + ".version must be one of [1]")
        if "method" in data_keys:
            data_keys.remove("method")
            data__method = data["method"]
            if not (isinstance(data__method, str) and data__method == 'merge' or isinstance(data__method, str) and data__method == 'squash' or isinstance(data__method, str) and data__method == 'rebase' or isinstance(data__method, str) and data__method == 'fast-forward'):
                raise BrokenRule("" + (name_prefix or "data") + ".method must be one of ['merge', 'squash', 'rebase', 'fast-forward']")
        if "message" in data_keys:
            data_keys.remove("message")
            data__message = data["message"]
            if not isinstance(data__message, (str)):
                raise BrokenRule("" + (name_prefix or "data") + ".message must be string")
            if isinstance(data__message, str):
                data__message_len = len(data__message)
                if data__message_len < 1:
                    raise BrokenRule("" + (name_prefix or "data") + ".message must be longer than or equal to 1 characters")
                if data__message_len > 4000:
                    raise BrokenRule("" + (name_prefix or "data") + ".message must be shorter than or equal to 4000 characters")
        if "checks" in data_keys:
            data_keys.remove("checks")
            data__checks = data["checks"]
            if not isinstance(data__checks, (list, tuple)):
                raise BrokenRule("" + (name_prefix or "data") + ".checks must be array")
            data__checks_is_list = isinstance(data__checks, (list, tuple))
            if data__checks_is_list:
                data__checks_len = len(data__checks)
                if data__checks_len > 100:
                    raise BrokenRule("" + (name_prefix or "data") + ".checks must contain less than or equal to 100 items")
                for data__checks_x, data__checks_item in enumerate(data__checks):
                    if not isinstance(data__checks_item, (dict)):
                        raise BrokenRule("" + (name_prefix or "data") + ".checks[{data__checks_x}]".format(**locals()) + " must be object")
                    data__checks_item_is_dict = isinstance(data__checks_item, dict)
                    if data__checks_item_is_dict:
                        data__checks_item__missing_keys = set(['name', 'run']) - data__checks_item.keys()
                        if data__checks_item__missing_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".checks[{data__checks_x}]".format(**locals()) + " must contain ")
                        data__checks_item_keys = set(data__checks_item.keys())
                        if "name" in data__checks_item_keys:
                            data__checks_item_keys.remove("name")
                            data__checks_item__name = data__checks_item["name"]
                            if not isinstance(data__checks_item__name, (str)):
                                raise BrokenRule("" + (name_prefix or "data") + ".checks[{data__checks_x}].name".format(**locals()) + " must be string")
                            if isinstance(data__checks_item__name, str):
                                data__checks_item__name_len = len(data__checks_item__name)
                                if data__checks_item__name_len < 1:
                                    raise BrokenRule("" + (name_prefix or "data") + ".checks[{data__checks_x}].name".format(**locals()) + " must be longer than or equal to 1 characters")
                                if data__checks_item__name_len > 60:
                                    raise BrokenRule("" + (name_prefix or "data") + ".checks[{data__checks_x}].name".format(**locals()) + " must be shorter than or equal to 60 characters")
                                if not REGEX_PATTERNS['^[A-Za-z0-9][A-Za-z0-9._ -]*$'].search(data__checks_item__name):
                                    raise BrokenRule("" + (name_prefix or "data") + ".checks[{data__checks_x}].name".format(**locals()) + " must match pattern ^[A-Za-z0-9][A-Za-z0-9._ -]*$")
                        if "run" in data__checks_item_keys:
                            data__checks_item_keys.remove("run")
                            data__checks_item__run = data__checks_item["run"]
                            if not isinstance(data__checks_item__run, (str, list, tuple)):
                                raise BrokenRule("" + (name_prefix or "data") + ".checks[{data__checks_x}].run".format(**locals()) + " must be string or array")
                            if isinstance(data__checks_item__run, str):
                                data__checks_item__run_len = len(data__checks_item__run)
                                if data__checks_item__run_len < 1:
                                    raise BrokenRule("" + (name_prefix or "data") + ".checks[{data__checks_x}].run".format(**locals()) + " must be longer than or equal to 1 characters")
                            data__checks_item__run_is_list = isinstance(data__checks_item__run, (list, tuple))
                            if data__checks_item__run_is_list:
                                data__checks_item__run_len = len(data__checks_item__run)
                                if data__checks_item__run_len < 1:
                                    raise BrokenRule("" + (name_prefix or "data") + ".checks[{data__checks_x}].run".format(**locals()) + " must contain at least 1 items")
                                for data__checks_item__run_x, data__checks_item__run_item in enumerate(data__checks_item__run):
                                    if not isinstance(data__checks_item__run_item, (str)):
                                        raise BrokenRule("" + (name_prefix or "data") + ".checks[{data__checks_x}].run[{data__checks_item__run_x}]".format(**locals()) + " must be string")
                        if "timeout" in data__checks_item_keys:
                            data__checks_item_keys.remove("timeout")
                            data__checks_item__timeout = data__checks_item["timeout"]
                            if not isinstance(data__checks_item__timeout, (str, int, float)) or isinstance(data__checks_item__timeout, bool):
                                raise BrokenRule("" + (name_prefix or "data") + ".checks[{data__checks_x}].timeout".format(**locals()) + " must be string or number")
                            if isinstance(data__checks_item__timeout, str):
                                if not REGEX_PATTERNS['^[0-9]+(\\.[0-9]+)?(ms|s|m|h)?$'].search(data__checks_item__timeout):
                                    raise BrokenRule("" + (name_prefix or "data") + ".checks[{data__checks_x}].timeout".format(**locals()) + " must match pattern ^[0-9]+(\\.[0-9]+)?(ms|s|m|h)?$")
                            if isinstance(data__checks_item__timeout, (int, float)) and not isinstance(data__checks_item__timeout, bool):
                                if data__checks_item__timeout <= 0:
                                    raise BrokenRule("" + (name_prefix or "data") + ".checks[{data__checks_x}].timeout".format(**locals()) + " must be bigger than 0")
                        if "parallel" in data__checks_item_keys:
                            data__checks_item_keys.remove("parallel")
                            data__checks_item__parallel = data__checks_item["parallel"]
                            if not isinstance(data__checks_item__parallel, (bool)):
                                raise BrokenRule("" + (name_prefix or "data") + ".checks[{data__checks_x}].parallel".format(**locals()) + " must be boolean")
                        if "directory" in data__checks_item_keys:
                            data__checks_item_keys.remove("directory")
                            data__checks_item__directory = data__checks_item["directory"]
                            if not isinstance(data__checks_item__directory, (str)):
                                raise BrokenRule("" + (name_prefix or "data") + ".checks[{data__checks_x}].directory".format(**locals()) + " must be string")
                            if isinstance(data__checks_item__directory, str):
                                data__checks_item__directory_len = len(data__checks_item__directory)
                                if data__checks_item__directory_len < 1:
                                    raise BrokenRule("" + (name_prefix or "data") + ".checks[{data__checks_x}].directory".format(**locals()) + " must be longer than or equal to 1 characters")
                        if data__checks_item_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".checks[{data__checks_x}]".format(**locals()) + " must not contain "+str(data__checks_item_keys)+" properties")
        if "keep" in data_keys:
            data_keys.remove("keep")
            data__keep = data["keep"]
            if not isinstance(data__keep, (list, tuple)):
                raise BrokenRule("" + (name_prefix or "data") + ".keep must be array")
            data__keep_is_list = isinstance(data__keep, (list, tuple))
            if data__keep_is_list:
                data__keep_len = len(data__keep)
                if data__keep_len > 50:
                    raise BrokenRule("" + (name_prefix or "data") + ".keep must contain less than or equal to 50 items")
                for data__keep_x, data__keep_item in enumerate(data__keep):
                    if not isinstance(data__keep_item, (str)):
                        raise BrokenRule("" + (name_prefix or "data") + ".keep[{data__keep_x}]".format(**locals()) + " must be string")
                    if isinstance(data__keep_item, str):
                        data__keep_item_len = len(data__keep_item)
                        if data__keep_item_len < 1:
                            raise BrokenRule("" + (name_prefix or "data") + ".keep[{data__keep_x}]".format(**locals()) + " must be longer than or equal to 1 characters")
        if "environment" in data_keys:
            data_keys.remove("environment")
            data__environment = data["environment"]
            if not isinstance(data__environment, (list, tuple)):
                raise BrokenRule("" + (name_prefix or "data") + ".environment must be array")
            data__environment_is_list = isinstance(data__environment, (list, tuple))
            if data__environment_is_list:
                data__environment_len = len(data__environment)
                if data__environment_len > 100:
                    raise BrokenRule("" + (name_prefix or "data") + ".environment must contain less than or equal to 100 items")
                for data__environment_x, data__environment_item in enumerate(data__environment):
                    if not isinstance(data__environment_item, (str)):
                        raise BrokenRule("" + (name_prefix or "data") + ".environment[{data__environment_x}]".format(**locals()) + " must be string")
                    if isinstance(data__environment_item, str):
                        if not REGEX_PATTERNS['^[A-Za-z_][A-Za-z0-9_]*$'].search(data__environment_item):
                            raise BrokenRule("" + (name_prefix or "data") + ".environment[{data__environment_x}]".format(**locals()) + " must match pattern ^[A-Za-z_][A-Za-z0-9_]*$")
        if "sandbox" in data_keys:
            data_keys.remove("sandbox")
            data__sandbox = data["sandbox"]
            if not isinstance(data__sandbox, (dict)):
                raise BrokenRule("" + (name_prefix or "data") + ".sandbox must be object")
            data__sandbox_is_dict = isinstance(data__sandbox, dict)
            if data__sandbox_is_dict:
                data__sandbox__missing_keys = set([]) - data__sandbox.keys()
                if data__sandbox__missing_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".sandbox must contain ")
                data__sandbox_keys = set(data__sandbox.keys())
                if "with" in data__sandbox_keys:
                    data__sandbox_keys.remove("with")
                    data__sandbox__with = data__sandbox["with"]
                    if not (isinstance(data__sandbox__with, str) and data__sandbox__with == 'none' or isinstance(data__sandbox__with, str) and data__sandbox__with == 'bubblewrap' or isinstance(data__sandbox__with, str) and data__sandbox__with == 'systemd-run'):
                        raise BrokenRule("" + (name_prefix or "data") + ".sandbox.with must be one of ['none', 'bubblewrap', 'systemd-run']")
                if "network" in data__sandbox_keys:
                    data__sandbox_keys.remove("network")
                    data__sandbox__network = data__sandbox["network"]
                    if not isinstance(data__sandbox__network, (bool)):
                        raise BrokenRule("" + (name_prefix or "data") + ".sandbox.network must be boolean")
                if data__sandbox_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".sandbox must not contain "+str(data__sandbox_keys)+" properties")
        if "batch" in data_keys:
            data_keys.remove("batch")
            data__batch = data["batch"]
            if not isinstance(data__batch, (dict)):
                raise BrokenRule("" + (name_prefix or "data") + ".batch must be object")
            data__batch_is_dict = isinstance(data__batch, dict)
            if data__batch_is_dict:
                data__batch__missing_keys = set([]) - data__batch.keys()
                if data__batch__missing_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".batch must contain ")
                data__batch_keys = set(data__batch.keys())
                if "max" in data__batch_keys:
                    data__batch_keys.remove("max")
                    data__batch__max = data__batch["max"]
                    if not isinstance(data__batch__max, (int)) and not (isinstance(data__batch__max, float) and data__batch__max.is_integer()) or isinstance(data__batch__max, bool):
                        raise BrokenRule("" + (name_prefix or "data") + ".batch.max must be integer")
                    if isinstance(data__batch__max, (int, float)) and not isinstance(data__batch__max, bool):
                        if data__batch__max < 1:
                            raise BrokenRule("" + (name_prefix or "data") + ".batch.max must be bigger than or equal to 1")
                        if data__batch__max > 1000:
                            raise BrokenRule("" + (name_prefix or "data") + ".batch.max must be smaller than or equal to 1000")
                if data__batch_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".batch must not contain "+str(data__batch_keys)+" properties")
        if "profile" in data_keys:
            data_keys.remove("profile")
            data__profile = data["profile"]
            if not (isinstance(data__profile, str) and data__profile == 'default' or isinstance(data__profile, str) and data__profile == 'fast' or isinstance(data__profile, str) and data__profile == 'economy'):
                raise BrokenRule("" + (name_prefix or "data") + ".profile must be one of ['default', 'fast', 'economy']")
        if "claim" in data_keys:
            data_keys.remove("claim")
            data__claim = data["claim"]
            if not isinstance(data__claim, (dict)):
                raise BrokenRule("" + (name_prefix or "data") + ".claim must be object")
            data__claim_is_dict = isinstance(data__claim, dict)
            if data__claim_is_dict:
                data__claim__missing_keys = set([]) - data__claim.keys()
                if data__claim__missing_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".claim must contain ")
                data__claim_keys = set(data__claim.keys())
                if "minutes" in data__claim_keys:
                    data__claim_keys.remove("minutes")
                    data__claim__minutes = data__claim["minutes"]
                    if not isinstance(data__claim__minutes, (int, float)) or isinstance(data__claim__minutes, bool):
                        raise BrokenRule("" + (name_prefix or "data") + ".claim.minutes must be number")
                    if isinstance(data__claim__minutes, (int, float)) and not isinstance(data__claim__minutes, bool):
                        if data__claim__minutes > 1440:
                            raise BrokenRule("" + (name_prefix or "data") + ".claim.minutes must be smaller than or equal to 1440")
                        if data__claim__minutes <= 0:
                            raise BrokenRule("" + (name_prefix or "data") + ".claim.minutes must be bigger than 0")
                if data__claim_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".claim must not contain "+str(data__claim_keys)+" properties")
        if "attempts" in data_keys:
            data_keys.remove("attempts")
            data__attempts = data["attempts"]
            if not isinstance(data__attempts, (dict)):
                raise BrokenRule("" + (name_prefix or "data") + ".attempts must be object")
            data__attempts_is_dict = isinstance(data__attempts, dict)
            if data__attempts_is_dict:
                data__attempts__missing_keys = set([]) - data__attempts.keys()
                if data__attempts__missing_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".attempts must contain ")
                data__attempts_keys = set(data__attempts.keys())
                if "max" in data__attempts_keys:
                    data__attempts_keys.remove("max")
                    data__attempts__max = data__attempts["max"]
                    if not isinstance(data__attempts__max, (int)) and not (isinstance(data__attempts__max, float) and data__attempts__max.is_integer()) or isinstance(data__attempts__max, bool):
                        raise BrokenRule("" + (name_prefix or "data") + ".attempts.max must be integer")
                    if isinstance(data__attempts__max, (int, float)) and not isinstance(data__attempts__max, bool):
                        if data__attempts__max < 1:
                            raise BrokenRule("" + (name_prefix or "data") + ".attempts.max must be bigger than or equal to 1")
                        if data__attempts__max > 100:
                            raise BrokenRule("" + (name_prefix or "data") + ".attempts.max must be smaller than or equal to 100")
                if data__attempts_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".attempts must not contain "+str(data__attempts_keys)+" properties")
        if "retry" in data_keys:
            data_keys.remove("retry")
            data__retry = data["retry"]
            if not isinstance(data__retry, (dict)):
                raise BrokenRule("" + (name_prefix or "data") + ".retry must be object")
            data__retry_is_dict = isinstance(data__retry, dict)
            if data__retry_is_dict:
                data__retry__missing_keys = set([]) - data__retry.keys()
                if data__retry__missing_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".retry must contain ")
                data__retry_keys = set(data__retry.keys())
                if "failing" in data__retry_keys:
                    data__retry_keys.remove("failing")
                    data__retry__failing = data__retry["failing"]
                    if not isinstance(data__retry__failing, (bool)):
                        raise BrokenRule("" + (name_prefix or "data") + ".retry.failing must be boolean")
                if data__retry_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".retry must not contain "+str(data__retry_keys)+" properties")
        if "delete_branch" in data_keys:
            data_keys.remove("delete_branch")
            data__deletebranch = data["delete_branch"]
            if not isinstance(data__deletebranch, (bool)):
                raise BrokenRule("" + (name_prefix or "data") + ".delete_branch must be boolean")
        if "close_source_issue" in data_keys:
            data_keys.remove("close_source_issue")
            data__closesourceissue = data["close_source_issue"]
            if not isinstance(data__closesourceissue, (bool)):
                raise BrokenRule("" + (name_prefix or "data") + ".close_source_issue must be boolean")
        if "branches" in data_keys:
            data_keys.remove("branches")
            data__branches = data["branches"]
            if not isinstance(data__branches, (list, tuple)):
                raise BrokenRule("" + (name_prefix or "data") + ".branches must be array")
            data__branches_is_list = isinstance(data__branches, (list, tuple))
            if data__branches_is_list:
                data__branches_len = len(data__branches)
                if data__branches_len > 50:
                    raise BrokenRule("" + (name_prefix or "data") + ".branches must contain less than or equal to 50 items")
                for data__branches_x, data__branches_item in enumerate(data__branches):
                    if not isinstance(data__branches_item, (str)):
                        raise BrokenRule("" + (name_prefix or "data") + ".branches[{data__branches_x}]".format(**locals()) + " must be string")
                    if isinstance(data__branches_item, str):
                        data__branches_item_len = len(data__branches_item)
                        if data__branches_item_len < 1:
                            raise BrokenRule("" + (name_prefix or "data") + ".branches[{data__branches_x}]".format(**locals()) + " must be longer than or equal to 1 characters")
                        if data__branches_item_len > 240:
                            raise BrokenRule("" + (name_prefix or "data") + ".branches[{data__branches_x}]".format(**locals()) + " must be shorter than or equal to 240 characters")
        if "worker_patterns" in data_keys:
            data_keys.remove("worker_patterns")
            data__workerpatterns = data["worker_patterns"]
            if not isinstance(data__workerpatterns, (list, tuple)):
                raise BrokenRule("" + (name_prefix or "data") + ".worker_patterns must be array")
            data__workerpatterns_is_list = isinstance(data__workerpatterns, (list, tuple))
            if data__workerpatterns_is_list:
                data__workerpatterns_len = len(data__workerpatterns)
                if data__workerpatterns_len > 20:
                    raise BrokenRule("" + (name_prefix or "data") + ".worker_patterns must contain less than or equal to 20 items")
                for data__workerpatterns_x, data__workerpatterns_item in enumerate(data__workerpatterns):
                    if not isinstance(data__workerpatterns_item, (str)):
                        raise BrokenRule("" + (name_prefix or "data") + ".worker_patterns[{data__workerpatterns_x}]".format(**locals()) + " must be string")
                    if isinstance(data__workerpatterns_item, str):
                        data__workerpatterns_item_len = len(data__workerpatterns_item)
                        if data__workerpatterns_item_len < 1:
                            raise BrokenRule("" + (name_prefix or "data") + ".worker_patterns[{data__workerpatterns_x}]".format(**locals()) + " must be longer than or equal to 1 characters")
                        if data__workerpatterns_item_len > 240:
                            raise BrokenRule("" + (name_prefix or "data") + ".worker_patterns[{data__workerpatterns_x}]".format(**locals()) + " must be shorter than or equal to 240 characters")
        if "score" in data_keys:
            data_keys.remove("score")
            data__score = data["score"]
            if not isinstance(data__score, (dict)):
                raise BrokenRule("" + (name_prefix or "data") + ".score must be object")
            data__score_is_dict = isinstance(data__score, dict)
            if data__score_is_dict:
                data__score__missing_keys = set([]) - data__score.keys()
                if data__score__missing_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".score must contain ")
                data__score_keys = set(data__score.keys())
                if "base" in data__score_keys:
                    data__score_keys.remove("base")
                    data__score__base = data__score["base"]
                    if not isinstance(data__score__base, (int, float)) or isinstance(data__score__base, bool):
                        raise BrokenRule("" + (name_prefix or "data") + ".score.base must be number")
                if "convoy_hour" in data__score_keys:
                    data__score_keys.remove("convoy_hour")
                    data__score__convoyhour = data__score["convoy_hour"]
                    if not isinstance(data__score__convoyhour, (int, float)) or isinstance(data__score__convoyhour, bool):
                        raise BrokenRule("" + (name_prefix or "data") + ".score.convoy_hour must be number")
                if "priority" in data__score_keys:
                    data__score_keys.remove("priority")
                    data__score__priority = data__score["priority"]
                    if not isinstance(data__score__priority, (int, float)) or isinstance(data__score__priority, bool):
                        raise BrokenRule("" + (name_prefix or "data") + ".score.priority must be number")
                if "retry" in data__score_keys:
                    data__score_keys.remove("retry")
                    data__score__retry = data__score["retry"]
                    if not isinstance(data__score__retry, (int, float)) or isinstance(data__score__retry, bool):
                        raise BrokenRule("" + (name_prefix or "data") + ".score.retry must be number")
                if "retry_cap" in data__score_keys:
                    data__score_keys.remove("retry_cap")
                    data__score__retrycap = data__score["retry_cap"]
                    if not isinstance(data__score__retrycap, (int, float)) or isinstance(data__score__retrycap, bool):
                        raise BrokenRule("" + (name_prefix or "data") + ".score.retry_cap must be number")
                if "hour" in data__score_keys:
                    data__score_keys.remove("hour")
                    data__score__hour = data__score["hour"]
                    if not isinstance(data__score__hour, (int, float)) or isinstance(data__score__hour, bool):
                        raise BrokenRule("" + (name_prefix or "data") + ".score.hour must be number")
                if data__score_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".score must not contain "+str(data__score_keys)+" properties")
        if "fairness" in data_keys:
            data_keys.remove("fairness")
            data__fairness = data["fairness"]
            if not isinstance(data__fairness, (dict)):
                raise BrokenRule("" + (name_prefix or "data") + ".fairness must be object")
            data__fairness_is_dict = isinstance(data__fairness, dict)
            if data__fairness_is_dict:
                data__fairness__missing_keys = set([]) - data__fairness.keys()
                if data__fairness__missing_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".fairness must contain ")
                data__fairness_keys = set(data__fairness.keys())
                if "points" in data__fairness_keys:
                    data__fairness_keys.remove("points")
                    data__fairness__points = data__fairness["points"]
                    if not isinstance(data__fairness__points, (int, float)) or isinstance(data__fairness__points, bool):
                        raise BrokenRule("" + (name_prefix or "data") + ".fairness.points must be number")
                    if isinstance(data__fairness__points, (int, float)) and not isinstance(data__fairness__points, bool):
                        if data__fairness__points < 0:
                            raise BrokenRule("" + (name_prefix or "data") + ".fairness.points must be bigger than or equal to 0")
                if "author" in data__fairness_keys:
                    data__fairness_keys.remove("author")
                    data__fairness__author = data__fairness["author"]
                    if not isinstance(data__fairness__author, (dict)):
                        raise BrokenRule("" + (name_prefix or "data") + ".fairness.author must be object")
                    data__fairness__author_is_dict = isinstance(data__fairness__author, dict)
                    if data__fairness__author_is_dict:
                        data__fairness__author__missing_keys = set([]) - data__fairness__author.keys()
                        if data__fairness__author__missing_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".fairness.author must contain ")
                        data__fairness__author_keys = set(data__fairness__author.keys())
                        if "at_once" in data__fairness__author_keys:
                            data__fairness__author_keys.remove("at_once")
                            data__fairness__author__atonce = data__fairness__author["at_once"]
                            if not isinstance(data__fairness__author__atonce, (int)) and not (isinstance(data__fairness__author__atonce, float) and data__fairness__author__atonce.is_integer()) or isinstance(data__fairness__author__atonce, bool):
                                raise BrokenRule("" + (name_prefix or "data") + ".fairness.author.at_once must be integer")
                            if isinstance(data__fairness__author__atonce, (int, float)) and not isinstance(data__fairness__author__atonce, bool):
                                if data__fairness__author__atonce < 1:
                                    raise BrokenRule("" + (name_prefix or "data") + ".fairness.author.at_once must be bigger than or equal to 1")
                                if data__fairness__author__atonce > 10000:
                                    raise BrokenRule("" + (name_prefix or "data") + ".fairness.author.at_once must be smaller than or equal to 10000")
                        if "waiting" in data__fairness__author_keys:
                            data__fairness__author_keys.remove("waiting")
                            data__fairness__author__waiting = data__fairness__author["waiting"]
                            if not isinstance(data__fairness__author__waiting, (int)) and not (isinstance(data__fairness__author__waiting, float) and data__fairness__author__waiting.is_integer()) or isinstance(data__fairness__author__waiting, bool):
                                raise BrokenRule("" + (name_prefix or "data") + ".fairness.author.waiting must be integer")
                            if isinstance(data__fairness__author__waiting, (int, float)) and not isinstance(data__fairness__author__waiting, bool):
                                if data__fairness__author__waiting < 1:
                                    raise BrokenRule("" + (name_prefix or "data") + ".fairness.author.waiting must be bigger than or equal to 1")
                                if data__fairness__author__waiting > 100000:
                                    raise BrokenRule("" + (name_prefix or "data") + ".fairness.author.waiting must be smaller than or equal to 100000")
                        if data__fairness__author_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".fairness.author must not contain "+str(data__fairness__author_keys)+" properties")
                if "fleets" in data__fairness_keys:
                    data__fairness_keys.remove("fleets")
                    data__fairness__fleets = data__fairness["fleets"]
                    if not isinstance(data__fairness__fleets, (list, tuple)):
                        raise BrokenRule("" + (name_prefix or "data") + ".fairness.fleets must be array")
                    data__fairness__fleets_is_list = isinstance(data__fairness__fleets, (list, tuple))
                    if data__fairness__fleets_is_list:
                        data__fairness__fleets_len = len(data__fairness__fleets)
                        if data__fairness__fleets_len > 100:
                            raise BrokenRule("" + (name_prefix or "data") + ".fairness.fleets must contain less than or equal to 100 items")
                        for data__fairness__fleets_x, data__fairness__fleets_item in enumerate(data__fairness__fleets):
                            if not isinstance(data__fairness__fleets_item, (dict)):
                                raise BrokenRule("" + (name_prefix or "data") + ".fairness.fleets[{data__fairness__fleets_x}]".format(**locals()) + " must be object")
                            data__fairness__fleets_item_is_dict = isinstance(data__fairness__fleets_item, dict)
                            if data__fairness__fleets_item_is_dict:
                                data__fairness__fleets_item__missing_keys = set(['name', 'authors']) - data__fairness__fleets_item.keys()
                                if data__fairness__fleets_item__missing_keys:
                                    raise BrokenRule("" + (name_prefix or "data") + ".fairness.fleets[{data__fairness__fleets_x}]".format(**locals()) + " must contain ")
                                data__fairness__fleets_item_keys = set(data__fairness__fleets_item.keys())
                                if "name" in data__fairness__fleets_item_keys:
                                    data__fairness__fleets_item_keys.remove("name")
                                    data__fairness__fleets_item__name = data__fairness__fleets_item["name"]
                                    if not isinstance(data__fairness__fleets_item__name, (str)):
                                        raise BrokenRule("" + (name_prefix or "data") + ".fairness.fleets[{data__fairness__fleets_x}].name".format(**locals()) + " must be string")
                                    if isinstance(data__fairness__fleets_item__name, str):
                                        data__fairness__fleets_item__name_len = len(data__fairness__fleets_item__name)
                                        if data__fairness__fleets_item__name_len < 1:
                                            raise BrokenRule("" + (name_prefix or "data") + ".fairness.fleets[{data__fairness__fleets_x}].name".format(**locals()) + " must be longer than or equal to 1 characters")
                                        if data__fairness__fleets_item__name_len > 60:
                                            raise BrokenRule("" + (name_prefix or "data") + ".fairness.fleets[{data__fairness__fleets_x}].name".format(**locals()) + " must be shorter than or equal to 60 characters")
                                        if not REGEX_PATTERNS['^[A-Za-z0-9][A-Za-z0-9._ -]*$'].search(data__fairness__fleets_item__name):
                                            raise BrokenRule("" + (name_prefix or "data") + ".fairness.fleets[{data__fairness__fleets_x}].name".format(**locals()) + " must match pattern ^[A-Za-z0-9][A-Za-z0-9._ -]*$")
                                if "authors" in data__fairness__fleets_item_keys:
                                    data__fairness__fleets_item_keys.remove("authors")
                                    data__fairness__fleets_item__authors = data__fairness__fleets_item["authors"]
                                    if not isinstance(data__fairness__fleets_item__authors, (list, tuple)):
                                        raise BrokenRule("" + (name_prefix or "data") + ".fairness.fleets[{data__fairness__fleets_x}].authors".format(**locals()) + " must be array")
                                    data__fairness__fleets_item__authors_is_list = isinstance(data__fairness__fleets_item__authors, (list, tuple))
                                    if data__fairness__fleets_item__authors_is_list:
                                        data__fairness__fleets_item__authors_len = len(data__fairness__fleets_item__authors)
                                        if data__fairness__fleets_item__authors_len < 1:
                                            raise BrokenRule("" + (name_prefix or "data") + ".fairness.fleets[{data__fairness__fleets_x}].authors".format(**locals()) + " must contain at least 1 items")
                                        if data__fairness__fleets_item__authors_len > 100:
                                            raise BrokenRule("" + (name_prefix or "data") + ".fairness.fleets[{data__fairness__fleets_x}].authors".format(**locals()) + " must contain less than or equal to 100 items")
                                        for data__fairness__fleets_item__authors_x, data__fairness__fleets_item__authors_item in enumerate(data__fairness__fleets_item__authors):
                                            if not isinstance(data__fairness__fleets_item__authors_item, (str)):
                                                raise BrokenRule("" + (name_prefix or "data") + ".fairness.fleets[{data__fairness__fleets_x}].authors[{data__fairness__fleets_item__authors_x}]".format(**locals()) + " must be string")
                                            if isinstance(data__fairness__fleets_item__authors_item, str):
                                                data__fairness__fleets_item__authors_item_len = len(data__fairness__fleets_item__authors_item)
                                                if data__fairness__fleets_item__authors_item_len < 1:
                                                    raise BrokenRule("" + (name_prefix or "data") + ".fairness.fleets[{data__fairness__fleets_x}].authors[{data__fairness__fleets_item__authors_x}]".format(**locals()) + " must be longer than or equal to 1 characters")
                                                if data__fairness__fleets_item__authors_item_len > 240:
                                                    raise BrokenRule("" + (name_prefix or "data") + ".fairness.fleets[{data__fairness__fleets_x}].authors[{data__fairness__fleets_item__authors_x}]".format(**locals()) + " must be shorter than or equal to 240 characters")
                                if "weight" in data__fairness__fleets_item_keys:
                                    data__fairness__fleets_item_keys.remove("weight")
                                    data__fairness__fleets_item__weight = data__fairness__fleets_item["weight"]
                                    if not isinstance(data__fairness__fleets_item__weight, (int)) and not (isinstance(data__fairness__fleets_item__weight, float) and data__fairness__fleets_item__weight.is_integer()) or isinstance(data__fairness__fleets_item__weight, bool):
                                        raise BrokenRule("" + (name_prefix or "data") + ".fairness.fleets[{data__fairness__fleets_x}].weight".format(**locals()) + " must be integer")
                                    if isinstance(data__fairness__fleets_item__weight, (int, float)) and not isinstance(data__fairness__fleets_item__weight, bool):
                                        if data__fairness__fleets_item__weight < 1:
                                            raise BrokenRule("" + (name_prefix or "data") + ".fairness.fleets[{data__fairness__fleets_x}].weight".format(**locals()) + " must be bigger than or equal to 1")
                                        if data__fairness__fleets_item__weight > 1000:
                                            raise BrokenRule("" + (name_prefix or "data") + ".fairness.fleets[{data__fairness__fleets_x}].weight".format(**locals()) + " must be smaller than or equal to 1000")
                                if "at_once" in data__fairness__fleets_item_keys:
                                    data__fairness__fleets_item_keys.remove("at_once")
                                    data__fairness__fleets_item__atonce = data__fairness__fleets_item["at_once"]
                                    if not isinstance(data__fairness__fleets_item__atonce, (int)) and not (isinstance(data__fairness__fleets_item__atonce, float) and data__fairness__fleets_item__atonce.is_integer()) or isinstance(data__fairness__fleets_item__atonce, bool):
                                        raise BrokenRule("" + (name_prefix or "data") + ".fairness.fleets[{data__fairness__fleets_x}].at_once".format(**locals()) + " must be integer")
                                    if isinstance(data__fairness__fleets_item__atonce, (int, float)) and not isinstance(data__fairness__fleets_item__atonce, bool):
                                        if data__fairness__fleets_item__atonce < 1:
                                            raise BrokenRule("" + (name_prefix or "data") + ".fairness.fleets[{data__fairness__fleets_x}].at_once".format(**locals()) + " must be bigger than or equal to 1")
                                        if data__fairness__fleets_item__atonce > 10000:
                                            raise BrokenRule("" + (name_prefix or "data") + ".fairness.fleets[{data__fairness__fleets_x}].at_once".format(**locals()) + " must be smaller than or equal to 10000")
                                if "waiting" in data__fairness__fleets_item_keys:
                                    data__fairness__fleets_item_keys.remove("waiting")
                                    data__fairness__fleets_item__waiting = data__fairness__fleets_item["waiting"]
                                    if not isinstance(data__fairness__fleets_item__waiting, (int)) and not (isinstance(data__fairness__fleets_item__waiting, float) and data__fairness__fleets_item__waiting.is_integer()) or isinstance(data__fairness__fleets_item__waiting, bool):
                                        raise BrokenRule("" + (name_prefix or "data") + ".fairness.fleets[{data__fairness__fleets_x}].waiting".format(**locals()) + " must be integer")
                                    if isinstance(data__fairness__fleets_item__waiting, (int, float)) and not isinstance(data__fairness__fleets_item__waiting, bool):
                                        if data__fairness__fleets_item__waiting < 1:
                                            raise BrokenRule("" + (name_prefix or "data") + ".fairness.fleets[{data__fairness__fleets_x}].waiting".format(**locals()) + " must be bigger than or equal to 1")
                                        if data__fairness__fleets_item__waiting > 100000:
                                            raise BrokenRule("" + (name_prefix or "data") + ".fairness.fleets[{data__fairness__fleets_x}].waiting".format(**locals()) + " must be smaller than or equal to 100000")
                                if data__fairness__fleets_item_keys:
                                    raise BrokenRule("" + (name_prefix or "data") + ".fairness.fleets[{data__fairness__fleets_x}]".format(**locals()) + " must not contain "+str(data__fairness__fleets_item_keys)+" properties")
                if data__fairness_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".fairness must not contain "+str(data__fairness_keys)+" properties")
        if "integration" in data_keys:
            data_keys.remove("integration")
            data__integration = data["integration"]
            if not isinstance(data__integration, (dict)):
                raise BrokenRule("" + (name_prefix or "data") + ".integration must be object")
            data__integration_is_dict = isinstance(data__integration, dict)
            if data__integration_is_dict:
                data__integration__missing_keys = set([]) - data__integration.keys()
                if data__integration__missing_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".integration must contain ")
                data__integration_keys = set(data__integration.keys())
                if "branch" in data__integration_keys:
                    data__integration_keys.remove("branch")
                    data__integration__branch = data__integration["branch"]
                    if not isinstance(data__integration__branch, (str)):
                        raise BrokenRule("" + (name_prefix or "data") + ".integration.branch must be string")
                    if isinstance(data__integration__branch, str):
                        data__integration__branch_len = len(data__integration__branch)
                        if data__integration__branch_len < 6:
                            raise BrokenRule("" + (name_prefix or "data") + ".integration.branch must be longer than or equal to 6 characters")
                        if data__integration__branch_len > 200:
                            raise BrokenRule("" + (name_prefix or "data") + ".integration.branch must be shorter than or equal to 200 characters")
                        if not REGEX_PATTERNS['^[^{}]*\\{epic\\}[^{}]*$'].search(data__integration__branch):
                            raise BrokenRule("" + (name_prefix or "data") + ".integration.branch must match pattern ^[^{}]*\\{epic\\}[^{}]*$")
                if "land" in data__integration_keys:
                    data__integration_keys.remove("land")
                    data__integration__land = data__integration["land"]
                    if not (isinstance(data__integration__land, str) and data__integration__land == 'by-hand' or isinstance(data__integration__land, str) and data__integration__land == 'when-landed' or isinstance(data__integration__land, str) and data__integration__land == 'when-closed'):
                        raise BrokenRule("" + (name_prefix or "data") + ".integration.land must be one of ['by-hand', 'when-landed', 'when-closed']")
                if data__integration_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".integration must not contain "+str(data__integration_keys)+" properties")
        if "tracker" in data_keys:
            data_keys.remove("tracker")
            data__tracker = data["tracker"]
            if not (isinstance(data__tracker, str) and data__tracker == 'local' or isinstance(data__tracker, str) and data__tracker == 'github' or isinstance(data__tracker, str) and data__tracker == 'gitlab' or isinstance(data__tracker, str) and data__tracker == 'gitea'):
                raise BrokenRule("" + (name_prefix or "data") + ".tracker must be one of ['local', 'github', 'gitlab', 'gitea']")
        if "forge" in data_keys:
            data_keys.remove("forge")
            data__forge = data["forge"]
            if not (isinstance(data__forge, str) and data__forge == 'none' or isinstance(data__forge, str) and data__forge == 'github' or isinstance(data__forge, str) and data__forge == 'gitlab' or isinstance(data__forge, str) and data__forge == 'gitea'):
                raise BrokenRule("" + (name_prefix or "data") + ".forge must be one of ['none', 'github', 'gitlab', 'gitea']")
        if "repository" in data_keys:
            data_keys.remove("repository")
            data__repository = data["repository"]
            if not isinstance(data__repository, (str)):
                raise BrokenRule("" + (name_prefix or "data") + ".repository must be string")
            if isinstance(data__repository, str):
                data__repository_len = len(data__repository)
                if data__repository_len > 240:
                    raise BrokenRule("" + (name_prefix or "data") + ".repository must be shorter than or equal to 240 characters")
                if not REGEX_PATTERNS['^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9_.-]+)+$'].search(data__repository):
                    raise BrokenRule("" + (name_prefix or "data") + ".repository must match pattern ^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9_.-]+)+$")
        if "statuses" in data_keys:
            data_keys.remove("statuses")
            data__statuses = data["statuses"]
            if not isinstance(data__statuses, (bool)):
                raise BrokenRule("" + (name_prefix or "data") + ".statuses must be boolean")
        if "stacks" in data_keys:
            data_keys.remove("stacks")
            data__stacks = data["stacks"]
            if not isinstance(data__stacks, (dict)):
                raise BrokenRule("" + (name_prefix or "data") + ".stacks must be object")
            data__stacks_is_dict = isinstance(data__stacks, dict)
            if data__stacks_is_dict:
                data__stacks__missing_keys = set([]) - data__stacks.keys()
                if data__stacks__missing_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".stacks must contain ")
                data__stacks_keys = set(data__stacks.keys())
                if "ancestry" in data__stacks_keys:
                    data__stacks_keys.remove("ancestry")
                    data__stacks__ancestry = data__stacks["ancestry"]
                    if not isinstance(data__stacks__ancestry, (bool)):
                        raise BrokenRule("" + (name_prefix or "data") + ".stacks.ancestry must be boolean")
                if "trailers" in data__stacks_keys:
                    data__stacks_keys.remove("trailers")
                    data__stacks__trailers = data__stacks["trailers"]
                    if not isinstance(data__stacks__trailers, (bool)):
                        raise BrokenRule("" + (name_prefix or "data") + ".stacks.trailers must be boolean")
                if "retarget" in data__stacks_keys:
                    data__stacks_keys.remove("retarget")
                    data__stacks__retarget = data__stacks["retarget"]
                    if not isinstance(data__stacks__retarget, (bool)):
                        raise BrokenRule("" + (name_prefix or "data") + ".stacks.retarget must be boolean")
                if data__stacks_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".stacks must not contain "+str(data__stacks_keys)+" properties")
        if "landing" in data_keys:
            data_keys.remove("landing")
            data__landing = data["landing"]
            if not (isinstance(data__landing, str) and data__landing == 'push' or isinstance(data__landing, str) and data__landing == 'pull-request'):
                raise BrokenRule("" + (name_prefix or "data") + ".landing must be one of ['push', 'pull-request']")
        if "notify" in data_keys:
            data_keys.remove("notify")
            data__notify = data["notify"]
            if not isinstance(data__notify, (list, tuple)):
                raise BrokenRule("" + (name_prefix or "data") + ".notify must be array")
            data__notify_is_list = isinstance(data__notify, (list, tuple))
            if data__notify_is_list:
                data__notify_len = len(data__notify)
                if data__notify_len > 20:
                    raise BrokenRule("" + (name_prefix or "data") + ".notify must contain less than or equal to 20 items")
                for data__notify_x, data__notify_item in enumerate(data__notify):
                    if not isinstance(data__notify_item, (dict)):
                        raise BrokenRule("" + (name_prefix or "data") + ".notify[{data__notify_x}]".format(**locals()) + " must be object")
                    data__notify_item_is_dict = isinstance(data__notify_item, dict)
                    if data__notify_item_is_dict:
                        data__notify_item__missing_keys = set(['to']) - data__notify_item.keys()
                        if data__notify_item__missing_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".notify[{data__notify_x}]".format(**locals()) + " must contain ")
                        data__notify_item_keys = set(data__notify_item.keys())
                        if "to" in data__notify_item_keys:
                            data__notify_item_keys.remove("to")
                            data__notify_item__to = data__notify_item["to"]
                            if not isinstance(data__notify_item__to, (str)):
                                raise BrokenRule("" + (name_prefix or "data") + ".notify[{data__notify_x}].to".format(**locals()) + " must be string")
                            if isinstance(data__notify_item__to, str):
                                data__notify_item__to_len = len(data__notify_item__to)
                                if data__notify_item__to_len > 100:
                                    raise BrokenRule("" + (name_prefix or "data") + ".notify[{data__notify_x}].to".format(**locals()) + " must be shorter than or equal to 100 characters")
                                if not REGEX_PATTERNS['^[A-Z_][A-Z0-9_]*$'].search(data__notify_item__to):
                                    raise BrokenRule("" + (name_prefix or "data") + ".notify[{data__notify_x}].to".format(**locals()) + " must match pattern ^[A-Z_][A-Z0-9_]*$")
                        if "about" in data__notify_item_keys:
                            data__notify_item_keys.remove("about")
                            data__notify_item__about = data__notify_item["about"]
                            if not isinstance(data__notify_item__about, (list, tuple)):
                                raise BrokenRule("" + (name_prefix or "data") + ".notify[{data__notify_x}].about".format(**locals()) + " must be array")
                            data__notify_item__about_is_list = isinstance(data__notify_item__about, (list, tuple))
                            if data__notify_item__about_is_list:
                                data__notify_item__about_len = len(data__notify_item__about)
                                if data__notify_item__about_len < 1:
                                    raise BrokenRule("" + (name_prefix or "data") + ".notify[{data__notify_x}].about".format(**locals()) + " must contain at least 1 items")
                                if data__notify_item__about_len > 5:
                                    raise BrokenRule("" + (name_prefix or "data") + ".notify[{data__notify_x}].about".format(**locals()) + " must contain less than or equal to 5 items")
                                for data__notify_item__about_x, data__notify_item__about_item in enumerate(data__notify_item__about):
                                    if not (isinstance(data__notify_item__about_item, str) and data__notify_item__about_item == 'merged' or isinstance(data__notify_item__about_item, str) and data__notify_item__about_item == 'conflict' or isinstance(data__notify_item__about_item, str) and data__notify_item__about_item == 'failed' or isinstance(data__notify_item__about_item, str) and data__notify_item__about_item == 'rejected' or isinstance(data__notify_item__about_item, str) and data__notify_item__about_item == 'stuck'):
                                        raise BrokenRule("" + (name_prefix or "data") + ".notify[{data__notify_x}].about[{data__notify_item__about_x}]".format(**locals()) + " must be one of ['merged', 'conflict', 'failed', 'rejected', 'stuck']")
                        if "authors" in data__notify_item_keys:
                            data__notify_item_keys.remove("authors")
                            data__notify_item__authors = data__notify_item["authors"]
                            if not isinstance(data__notify_item__authors, (list, tuple)):
                                raise BrokenRule("" + (name_prefix or "data") + ".notify[{data__notify_x}].authors".format(**locals()) + " must be array")
                            data__notify_item__authors_is_list = isinstance(data__notify_item__authors, (list, tuple))
                            if data__notify_item__authors_is_list:
                                data__notify_item__authors_len = len(data__notify_item__authors)
                                if data__notify_item__authors_len > 50:
                                    raise BrokenRule("" + (name_prefix or "data") + ".notify[{data__notify_x}].authors".format(**locals()) + " must contain less than or equal to 50 items")
                                for data__notify_item__authors_x, data__notify_item__authors_item in enumerate(data__notify_item__authors):
                                    if not isinstance(data__notify_item__authors_item, (str)):
                                        raise BrokenRule("" + (name_prefix or "data") + ".notify[{data__notify_x}].authors[{data__notify_item__authors_x}]".format(**locals()) + " must be string")
                                    if isinstance(data__notify_item__authors_item, str):
                                        data__notify_item__authors_item_len = len(data__notify_item__authors_item)
                                        if data__notify_item__authors_item_len < 1:
                                            raise BrokenRule("" + (name_prefix or "data") + ".notify[{data__notify_x}].authors[{data__notify_item__authors_x}]".format(**locals()) + " must be longer than or equal to 1 characters")
                                        if data__notify_item__authors_item_len > 240:
                                            raise BrokenRule("" + (name_prefix or "data") + ".notify[{data__notify_x}].authors[{data__notify_item__authors_x}]".format(**locals()) + " must be shorter than or equal to 240 characters")
                        if data__notify_item_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".notify[{data__notify_x}]".format(**locals()) + " must not contain "+str(data__notify_item_keys)+" properties")
        if "freeze" in data_keys:
            data_keys.remove("freeze")
            data__freeze = data["freeze"]
            if not isinstance(data__freeze, (dict)):
                raise BrokenRule("" + (name_prefix or "data") + ".freeze must be object")
            data__freeze_is_dict = isinstance(data__freeze, dict)
            if data__freeze_is_dict:
                data__freeze__missing_keys = set([]) - data__freeze.keys()
                if data__freeze__missing_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".freeze must contain ")
                data__freeze_keys = set(data__freeze.keys())
                if "zone" in data__freeze_keys:
                    data__freeze_keys.remove("zone")
                    data__freeze__zone = data__freeze["zone"]
                    if not isinstance(data__freeze__zone, (str)):
                        raise BrokenRule("" + (name_prefix or "data") + ".freeze.zone must be string")
                    if isinstance(data__freeze__zone, str):
                        data__freeze__zone_len = len(data__freeze__zone)
                        if data__freeze__zone_len > 100:
                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.zone must be shorter than or equal to 100 characters")
                if "windows" in data__freeze_keys:
                    data__freeze_keys.remove("windows")
                    data__freeze__windows = data__freeze["windows"]
                    if not isinstance(data__freeze__windows, (list, tuple)):
                        raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows must be array")
                    data__freeze__windows_is_list = isinstance(data__freeze__windows, (list, tuple))
                    if data__freeze__windows_is_list:
                        data__freeze__windows_len = len(data__freeze__windows)
                        if data__freeze__windows_len > 100:
                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows must contain less than or equal to 100 items")
                        for data__freeze__windows_x, data__freeze__windows_item in enumerate(data__freeze__windows):
                            if not isinstance(data__freeze__windows_item, (dict)):
                                raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}]".format(**locals()) + " must be object")
                            data__freeze__windows_item_is_dict = isinstance(data__freeze__windows_item, dict)
                            if data__freeze__windows_item_is_dict:
                                data__freeze__windows_item__missing_keys = set([]) - data__freeze__windows_item.keys()
                                if data__freeze__windows_item__missing_keys:
                                    raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}]".format(**locals()) + " must contain ")
                                data__freeze__windows_item_keys = set(data__freeze__windows_item.keys())
                                if "name" in data__freeze__windows_item_keys:
                                    data__freeze__windows_item_keys.remove("name")
                                    data__freeze__windows_item__name = data__freeze__windows_item["name"]
                                    if not isinstance(data__freeze__windows_item__name, (str)):
                                        raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].name".format(**locals()) + " must be string")
                                    if isinstance(data__freeze__windows_item__name, str):
                                        data__freeze__windows_item__name_len = len(data__freeze__windows_item__name)
                                        if data__freeze__windows_item__name_len < 1:
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].name".format(**locals()) + " must be longer than or equal to 1 characters")
                                        if data__freeze__windows_item__name_len > 100:
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].name".format(**locals()) + " must be shorter than or equal to 100 characters")
                                        if not REGEX_PATTERNS['^[^\\x00-\\x1f\\x7f]+$'].search(data__freeze__windows_item__name):
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].name".format(**locals()) + " must match pattern ^[^\\x00-\\x1f\\x7f]+$")
                                if "reason" in data__freeze__windows_item_keys:
                                    data__freeze__windows_item_keys.remove("reason")
                                    data__freeze__windows_item__reason = data__freeze__windows_item["reason"]
                                    if not isinstance(data__freeze__windows_item__reason, (str)):
                                        raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].reason".format(**locals()) + " must be string")
                                    if isinstance(data__freeze__windows_item__reason, str):
                                        data__freeze__windows_item__reason_len = len(data__freeze__windows_item__reason)
                                        if data__freeze__windows_item__reason_len > 1000:
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].reason".format(**locals()) + " must be shorter than or equal to 1000 characters")
                                        if not REGEX_PATTERNS['^[^\\x00-\\x08\\x0a-\\x1f\\x7f]*$'].search(data__freeze__windows_item__reason):
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].reason".format(**locals()) + " must match pattern ^[^\\x00-\\x08\\x0a-\\x1f\\x7f]*$")
                                if "days" in data__freeze__windows_item_keys:
                                    data__freeze__windows_item_keys.remove("days")
                                    data__freeze__windows_item__days = data__freeze__windows_item["days"]
                                    if not isinstance(data__freeze__windows_item__days, (list, tuple)):
                                        raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].days".format(**locals()) + " must be array")
                                    data__freeze__windows_item__days_is_list = isinstance(data__freeze__windows_item__days, (list, tuple))
                                    if data__freeze__windows_item__days_is_list:
                                        data__freeze__windows_item__days_len = len(data__freeze__windows_item__days)
                                        if data__freeze__windows_item__days_len < 1:
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].days".format(**locals()) + " must contain at least 1 items")
                                        if data__freeze__windows_item__days_len > 7:
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].days".format(**locals()) + " must contain less than or equal to 7 items")
                                        for data__freeze__windows_item__days_x, data__freeze__windows_item__days_item in enumerate(data__freeze__windows_item__days):
                                            if not (isinstance(data__freeze__windows_item__days_item, str) and data__freeze__windows_item__days_item == 'mon' or isinstance(data__freeze__windows_item__days_item, str) and data__freeze__windows_item__days_item == 'tue' or isinstance(data__freeze__windows_item__days_item, str) and data__freeze__windows_item__days_item == 'wed' or isinstance(data__freeze__windows_item__days_item, str) and data__freeze__windows_item__days_item == 'thu' or isinstance(data__freeze__windows_item__days_item, str) and data__freeze__windows_item__days_item == 'fri' or isinstance(data__freeze__windows_item__days_item, str) and data__freeze__windows_item__days_item == 'sat' or isinstance(data__freeze__windows_item__days_item, str) and data__freeze__windows_item__days_item == 'sun'):
                                                raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].days[{data__freeze__windows_item__days_x}]".format(**locals()) + " must be one of ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']")
                                if "from" in data__freeze__windows_item_keys:
                                    data__freeze__windows_item_keys.remove("from")
                                    data__freeze__windows_item__from = data__freeze__windows_item["from"]
                                    if not isinstance(data__freeze__windows_item__from, (str, int)) and not (isinstance(data__freeze__windows_item__from, float) and data__freeze__windows_item__from.is_integer()) or isinstance(data__freeze__windows_item__from, bool):
                                        raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].from".format(**locals()) + " must be string or integer")
                                    if isinstance(data__freeze__windows_item__from, str):
                                        if not REGEX_PATTERNS['^((mon|tue|wed|thu|fri|sat|sun) )?(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$|^[0-9]{4}-[01][0-9]-[0-3][0-9]([ T]([01][0-9]|2[0-3]):[0-5][0-9])?$'].search(data__freeze__windows_item__from):
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].from".format(**locals()) + " must match pattern ^((mon|tue|wed|thu|fri|sat|sun) )?(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$|^[0-9]{4}-[01][0-9]-[0-3][0-9]([ T]([01][0-9]|2[0-3]):[0-5][0-9])?$")
                                    if isinstance(data__freeze__windows_item__from, (int, float)) and not isinstance(data__freeze__windows_item__from, bool):
                                        if data__freeze__windows_item__from < 0:
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].from".format(**locals()) + " must be bigger than or equal to 0")
                                        if data__freeze__windows_item__from > 1440:
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].from".format(**locals()) + " must be smaller than or equal to 1440")
                                if "until" in data__freeze__windows_item_keys:
                                    data__freeze__windows_item_keys.remove("until")
                                    data__freeze__windows_item__until = data__freeze__windows_item["until"]
                                    if not isinstance(data__freeze__windows_item__until, (str, int)) and not (isinstance(data__freeze__windows_item__until, float) and data__freeze__windows_item__until.is_integer()) or isinstance(data__freeze__windows_item__until, bool):
                                        raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].until".format(**locals()) + " must be string or integer")
                                    if isinstance(data__freeze__windows_item__until, str):
                                        if not REGEX_PATTERNS['^((mon|tue|wed|thu|fri|sat|sun) )?(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$|^[0-9]{4}-[01][0-9]-[0-3][0-9]([ T]([01][0-9]|2[0-3]):[0-5][0-9])?$'].search(data__freeze__windows_item__until):
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].until".format(**locals()) + " must match pattern ^((mon|tue|wed|thu|fri|sat|sun) )?(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$|^[0-9]{4}-[01][0-9]-[0-3][0-9]([ T]([01][0-9]|2[0-3]):[0-5][0-9])?$")
                                    if isinstance(data__freeze__windows_item__until, (int, float)) and not isinstance(data__freeze__windows_item__until, bool):
                                        if data__freeze__windows_item__until < 0:
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].until".format(**locals()) + " must be bigger than or equal to 0")
                                        if data__freeze__windows_item__until > 1440:
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].until".format(**locals()) + " must be smaller than or equal to 1440")
                                if "zone" in data__freeze__windows_item_keys:
                                    data__freeze__windows_item_keys.remove("zone")
                                    data__freeze__windows_item__zone = data__freeze__windows_item["zone"]
                                    if not isinstance(data__freeze__windows_item__zone, (str)):
                                        raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].zone".format(**locals()) + " must be string")
                                    if isinstance(data__freeze__windows_item__zone, str):
                                        data__freeze__windows_item__zone_len = len(data__freeze__windows_item__zone)
                                        if data__freeze__windows_item__zone_len > 100:
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].zone".format(**locals()) + " must be shorter than or equal to 100 characters")
                                if "targets" in data__freeze__windows_item_keys:
                                    data__freeze__windows_item_keys.remove("targets")
                                    data__freeze__windows_item__targets = data__freeze__windows_item["targets"]
                                    if not isinstance(data__freeze__windows_item__targets, (list, tuple)):
                                        raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].targets".format(**locals()) + " must be array")
                                    data__freeze__windows_item__targets_is_list = isinstance(data__freeze__windows_item__targets, (list, tuple))
                                    if data__freeze__windows_item__targets_is_list:
                                        data__freeze__windows_item__targets_len = len(data__freeze__windows_item__targets)
                                        if data__freeze__windows_item__targets_len < 1:
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].targets".format(**locals()) + " must contain at least 1 items")
                                        if data__freeze__windows_item__targets_len > 100:
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].targets".format(**locals()) + " must contain less than or equal to 100 items")
                                        for data__freeze__windows_item__targets_x, data__freeze__windows_item__targets_item in enumerate(data__freeze__windows_item__targets):
                                            if not isinstance(data__freeze__windows_item__targets_item, (str)):
                                                raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].targets[{data__freeze__windows_item__targets_x}]".format(**locals()) + " must be string")
                                            if isinstance(data__freeze__windows_item__targets_item, str):
                                                data__freeze__windows_item__targets_item_len = len(data__freeze__windows_item__targets_item)
                                                if data__freeze__windows_item__targets_item_len < 1:
                                                    raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].targets[{data__freeze__windows_item__targets_x}]".format(**locals()) + " must be longer than or equal to 1 characters")
                                                if data__freeze__windows_item__targets_item_len > 240:
                                                    raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].targets[{data__freeze__windows_item__targets_x}]".format(**locals()) + " must be shorter than or equal to 240 characters")
                                if "except" in data__freeze__windows_item_keys:
                                    data__freeze__windows_item_keys.remove("except")
                                    data__freeze__windows_item__except = data__freeze__windows_item["except"]
                                    if not isinstance(data__freeze__windows_item__except, (dict)):
                                        raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].except".format(**locals()) + " must be object")
                                    data__freeze__windows_item__except_is_dict = isinstance(data__freeze__windows_item__except, dict)
                                    if data__freeze__windows_item__except_is_dict:
                                        data__freeze__windows_item__except__missing_keys = set([]) - data__freeze__windows_item__except.keys()
                                        if data__freeze__windows_item__except__missing_keys:
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].except".format(**locals()) + " must contain ")
                                        data__freeze__windows_item__except_keys = set(data__freeze__windows_item__except.keys())
                                        if "authors" in data__freeze__windows_item__except_keys:
                                            data__freeze__windows_item__except_keys.remove("authors")
                                            data__freeze__windows_item__except__authors = data__freeze__windows_item__except["authors"]
                                            if not isinstance(data__freeze__windows_item__except__authors, (list, tuple)):
                                                raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].except.authors".format(**locals()) + " must be array")
                                            data__freeze__windows_item__except__authors_is_list = isinstance(data__freeze__windows_item__except__authors, (list, tuple))
                                            if data__freeze__windows_item__except__authors_is_list:
                                                data__freeze__windows_item__except__authors_len = len(data__freeze__windows_item__except__authors)
                                                if data__freeze__windows_item__except__authors_len > 100:
                                                    raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].except.authors".format(**locals()) + " must contain less than or equal to 100 items")
                                                for data__freeze__windows_item__except__authors_x, data__freeze__windows_item__except__authors_item in enumerate(data__freeze__windows_item__except__authors):
                                                    if not isinstance(data__freeze__windows_item__except__authors_item, (str)):
                                                        raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].except.authors[{data__freeze__windows_item__except__authors_x}]".format(**locals()) + " must be string")
                                                    if isinstance(data__freeze__windows_item__except__authors_item, str):
                                                        data__freeze__windows_item__except__authors_item_len = len(data__freeze__windows_item__except__authors_item)
                                                        if data__freeze__windows_item__except__authors_item_len < 1:
                                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].except.authors[{data__freeze__windows_item__except__authors_x}]".format(**locals()) + " must be longer than or equal to 1 characters")
                                                        if data__freeze__windows_item__except__authors_item_len > 240:
                                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].except.authors[{data__freeze__windows_item__except__authors_x}]".format(**locals()) + " must be shorter than or equal to 240 characters")
                                        if "labels" in data__freeze__windows_item__except_keys:
                                            data__freeze__windows_item__except_keys.remove("labels")
                                            data__freeze__windows_item__except__labels = data__freeze__windows_item__except["labels"]
                                            if not isinstance(data__freeze__windows_item__except__labels, (list, tuple)):
                                                raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].except.labels".format(**locals()) + " must be array")
                                            data__freeze__windows_item__except__labels_is_list = isinstance(data__freeze__windows_item__except__labels, (list, tuple))
                                            if data__freeze__windows_item__except__labels_is_list:
                                                data__freeze__windows_item__except__labels_len = len(data__freeze__windows_item__except__labels)
                                                if data__freeze__windows_item__except__labels_len > 100:
                                                    raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].except.labels".format(**locals()) + " must contain less than or equal to 100 items")
                                                for data__freeze__windows_item__except__labels_x, data__freeze__windows_item__except__labels_item in enumerate(data__freeze__windows_item__except__labels):
                                                    if not isinstance(data__freeze__windows_item__except__labels_item, (str)):
                                                        raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].except.labels[{data__freeze__windows_item__except__labels_x}]".format(**locals()) + " must be string")
                                                    if isinstance(data__freeze__windows_item__except__labels_item, str):
                                                        data__freeze__windows_item__except__labels_item_len = len(data__freeze__windows_item__except__labels_item)
                                                        if data__freeze__windows_item__except__labels_item_len < 1:
                                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].except.labels[{data__freeze__windows_item__except__labels_x}]".format(**locals()) + " must be longer than or equal to 1 characters")
                                                        if data__freeze__windows_item__except__labels_item_len > 240:
                                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].except.labels[{data__freeze__windows_item__except__labels_x}]".format(**locals()) + " must be shorter than or equal to 240 characters")
                                        if "priority" in data__freeze__windows_item__except_keys:
                                            data__freeze__windows_item__except_keys.remove("priority")
                                            data__freeze__windows_item__except__priority = data__freeze__windows_item__except["priority"]
                                            if not isinstance(data__freeze__windows_item__except__priority, (int)) and not (isinstance(data__freeze__windows_item__except__priority, float) and data__freeze__windows_item__except__priority.is_integer()) or isinstance(data__freeze__windows_item__except__priority, bool):
                                                raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].except.priority".format(**locals()) + " must be integer")
                                            if isinstance(data__freeze__windows_item__except__priority, (int, float)) and not isinstance(data__freeze__windows_item__except__priority, bool):
                                                if data__freeze__windows_item__except__priority < 0:
                                                    raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].except.priority".format(**locals()) + " must be bigger than or equal to 0")
                                                if data__freeze__windows_item__except__priority > 4:
                                                    raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].except.priority".format(**locals()) + " must be smaller than or equal to 4")
                                        if data__freeze__windows_item__except_keys:
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}].except".format(**locals()) + " must not contain "+str(data__freeze__windows_item__except_keys)+" properties")
                                if data__freeze__windows_item_keys:
                                    raise BrokenRule("" + (name_prefix or "data") + ".freeze.windows[{data__freeze__windows_x}]".format(**locals()) + " must not contain "+str(data__freeze__windows_item_keys)+" properties")
                if "issues" in data__freeze_keys:
                    data__freeze_keys.remove("issues")
                    data__freeze__issues = data__freeze["issues"]
                    if not isinstance(data__freeze__issues, (list, tuple)):
                        raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues must be array")
                    data__freeze__issues_is_list = isinstance(data__freeze__issues, (list, tuple))
                    if data__freeze__issues_is_list:
                        data__freeze__issues_len = len(data__freeze__issues)
                        if data__freeze__issues_len > 20:
                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues must contain less than or equal to 20 items")
                        for data__freeze__issues_x, data__freeze__issues_item in enumerate(data__freeze__issues):
                            if not isinstance(data__freeze__issues_item, (dict)):
                                raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}]".format(**locals()) + " must be object")
                            data__freeze__issues_item_is_dict = isinstance(data__freeze__issues_item, dict)
                            if data__freeze__issues_item_is_dict:
                                data__freeze__issues_item__missing_keys = set(['label']) - data__freeze__issues_item.keys()
                                if data__freeze__issues_item__missing_keys:
                                    raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}]".format(**locals()) + " must contain ")
                                data__freeze__issues_item_keys = set(data__freeze__issues_item.keys())
                                if "label" in data__freeze__issues_item_keys:
                                    data__freeze__issues_item_keys.remove("label")
                                    data__freeze__issues_item__label = data__freeze__issues_item["label"]
                                    if not isinstance(data__freeze__issues_item__label, (str)):
                                        raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}].label".format(**locals()) + " must be string")
                                    if isinstance(data__freeze__issues_item__label, str):
                                        data__freeze__issues_item__label_len = len(data__freeze__issues_item__label)
                                        if data__freeze__issues_item__label_len < 1:
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}].label".format(**locals()) + " must be longer than or equal to 1 characters")
                                        if data__freeze__issues_item__label_len > 100:
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}].label".format(**locals()) + " must be shorter than or equal to 100 characters")
                                        if not REGEX_PATTERNS['^[^\\x00-\\x1f\\x7f,]+$'].search(data__freeze__issues_item__label):
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}].label".format(**locals()) + " must match pattern ^[^\\x00-\\x1f\\x7f,]+$")
                                if "targets" in data__freeze__issues_item_keys:
                                    data__freeze__issues_item_keys.remove("targets")
                                    data__freeze__issues_item__targets = data__freeze__issues_item["targets"]
                                    if not isinstance(data__freeze__issues_item__targets, (list, tuple)):
                                        raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}].targets".format(**locals()) + " must be array")
                                    data__freeze__issues_item__targets_is_list = isinstance(data__freeze__issues_item__targets, (list, tuple))
                                    if data__freeze__issues_item__targets_is_list:
                                        data__freeze__issues_item__targets_len = len(data__freeze__issues_item__targets)
                                        if data__freeze__issues_item__targets_len < 1:
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}].targets".format(**locals()) + " must contain at least 1 items")
                                        if data__freeze__issues_item__targets_len > 100:
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}].targets".format(**locals()) + " must contain less than or equal to 100 items")
                                        for data__freeze__issues_item__targets_x, data__freeze__issues_item__targets_item in enumerate(data__freeze__issues_item__targets):
                                            if not isinstance(data__freeze__issues_item__targets_item, (str)):
                                                raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}].targets[{data__freeze__issues_item__targets_x}]".format(**locals()) + " must be string")
                                            if isinstance(data__freeze__issues_item__targets_item, str):
                                                data__freeze__issues_item__targets_item_len = len(data__freeze__issues_item__targets_item)
                                                if data__freeze__issues_item__targets_item_len < 1:
                                                    raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}].targets[{data__freeze__issues_item__targets_x}]".format(**locals()) + " must be longer than or equal to 1 characters")
                                                if data__freeze__issues_item__targets_item_len > 240:
                                                    raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}].targets[{data__freeze__issues_item__targets_x}]".format(**locals()) + " must be shorter than or equal to 240 characters")
                                if "except" in data__freeze__issues_item_keys:
                                    data__freeze__issues_item_keys.remove("except")
                                    data__freeze__issues_item__except = data__freeze__issues_item["except"]
                                    if not isinstance(data__freeze__issues_item__except, (dict)):
                                        raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}].except".format(**locals()) + " must be object")
                                    data__freeze__issues_item__except_is_dict = isinstance(data__freeze__issues_item__except, dict)
                                    if data__freeze__issues_item__except_is_dict:
                                        data__freeze__issues_item__except__missing_keys = set([]) - data__freeze__issues_item__except.keys()
                                        if data__freeze__issues_item__except__missing_keys:
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}].except".format(**locals()) + " must contain ")
                                        data__freeze__issues_item__except_keys = set(data__freeze__issues_item__except.keys())
                                        if "authors" in data__freeze__issues_item__except_keys:
                                            data__freeze__issues_item__except_keys.remove("authors")
                                            data__freeze__issues_item__except__authors = data__freeze__issues_item__except["authors"]
                                            if not isinstance(data__freeze__issues_item__except__authors, (list, tuple)):
                                                raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}].except.authors".format(**locals()) + " must be array")
                                            data__freeze__issues_item__except__authors_is_list = isinstance(data__freeze__issues_item__except__authors, (list, tuple))
                                            if data__freeze__issues_item__except__authors_is_list:
                                                data__freeze__issues_item__except__authors_len = len(data__freeze__issues_item__except__authors)
                                                if data__freeze__issues_item__except__authors_len > 100:
                                                    raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}].except.authors".format(**locals()) + " must contain less than or equal to 100 items")
                                                for data__freeze__issues_item__except__authors_x, data__freeze__issues_item__except__authors_item in enumerate(data__freeze__issues_item__except__authors):
                                                    if not isinstance(data__freeze__issues_item__except__authors_item, (str)):
                                                        raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}].except.authors[{data__freeze__issues_item__except__authors_x}]".format(**locals()) + " must be string")
                                                    if isinstance(data__freeze__issues_item__except__authors_item, str):
                                                        data__freeze__issues_item__except__authors_item_len = len(data__freeze__issues_item__except__authors_item)
                                                        if data__freeze__issues_item__except__authors_item_len < 1:
                                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}].except.authors[{data__freeze__issues_item__except__authors_x}]".format(**locals()) + " must be longer than or equal to 1 characters")
                                                        if data__freeze__issues_item__except__authors_item_len > 240:
                                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}].except.authors[{data__freeze__issues_item__except__authors_x}]".format(**locals()) + " must be shorter than or equal to 240 characters")
                                        if "labels" in data__freeze__issues_item__except_keys:
                                            data__freeze__issues_item__except_keys.remove("labels")
                                            data__freeze__issues_item__except__labels = data__freeze__issues_item__except["labels"]
                                            if not isinstance(data__freeze__issues_item__except__labels, (list, tuple)):
                                                raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}].except.labels".format(**locals()) + " must be array")
                                            data__freeze__issues_item__except__labels_is_list = isinstance(data__freeze__issues_item__except__labels, (list, tuple))
                                            if data__freeze__issues_item__except__labels_is_list:
                                                data__freeze__issues_item__except__labels_len = len(data__freeze__issues_item__except__labels)
                                                if data__freeze__issues_item__except__labels_len > 100:
                                                    raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}].except.labels".format(**locals()) + " must contain less than or equal to 100 items")
                                                for data__freeze__issues_item__except__labels_x, data__freeze__issues_item__except__labels_item in enumerate(data__freeze__issues_item__except__labels):
                                                    if not isinstance(data__freeze__issues_item__except__labels_item, (str)):
                                                        raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}].except.labels[{data__freeze__issues_item__except__labels_x}]".format(**locals()) + " must be string")
                                                    if isinstance(data__freeze__issues_item__except__labels_item, str):
                                                        data__freeze__issues_item__except__labels_item_len = len(data__freeze__issues_item__except__labels_item)
                                                        if data__freeze__issues_item__except__labels_item_len < 1:
                                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}].except.labels[{data__freeze__issues_item__except__labels_x}]".format(**locals()) + " must be longer than or equal to 1 characters")
                                                        if data__freeze__issues_item__except__labels_item_len > 240:
                                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}].except.labels[{data__freeze__issues_item__except__labels_x}]".format(**locals()) + " must be shorter than or equal to 240 characters")
                                        if "priority" in data__freeze__issues_item__except_keys:
                                            data__freeze__issues_item__except_keys.remove("priority")
                                            data__freeze__issues_item__except__priority = data__freeze__issues_item__except["priority"]
                                            if not isinstance(data__freeze__issues_item__except__priority, (int)) and not (isinstance(data__freeze__issues_item__except__priority, float) and data__freeze__issues_item__except__priority.is_integer()) or isinstance(data__freeze__issues_item__except__priority, bool):
                                                raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}].except.priority".format(**locals()) + " must be integer")
                                            if isinstance(data__freeze__issues_item__except__priority, (int, float)) and not isinstance(data__freeze__issues_item__except__priority, bool):
                                                if data__freeze__issues_item__except__priority < 0:
                                                    raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}].except.priority".format(**locals()) + " must be bigger than or equal to 0")
                                                if data__freeze__issues_item__except__priority > 4:
                                                    raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}].except.priority".format(**locals()) + " must be smaller than or equal to 4")
                                        if data__freeze__issues_item__except_keys:
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}].except".format(**locals()) + " must not contain "+str(data__freeze__issues_item__except_keys)+" properties")
                                if data__freeze__issues_item_keys:
                                    raise BrokenRule("" + (name_prefix or "data") + ".freeze.issues[{data__freeze__issues_x}]".format(**locals()) + " must not contain "+str(data__freeze__issues_item_keys)+" properties")
                if "hotfix" in data__freeze_keys:
                    data__freeze_keys.remove("hotfix")
                    data__freeze__hotfix = data__freeze["hotfix"]
                    if not isinstance(data__freeze__hotfix, (dict)):
                        raise BrokenRule("" + (name_prefix or "data") + ".freeze.hotfix must be object")
                    data__freeze__hotfix_is_dict = isinstance(data__freeze__hotfix, dict)
                    if data__freeze__hotfix_is_dict:
                        data__freeze__hotfix__missing_keys = set([]) - data__freeze__hotfix.keys()
                        if data__freeze__hotfix__missing_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.hotfix must contain ")
                        data__freeze__hotfix_keys = set(data__freeze__hotfix.keys())
                        if "authors" in data__freeze__hotfix_keys:
                            data__freeze__hotfix_keys.remove("authors")
                            data__freeze__hotfix__authors = data__freeze__hotfix["authors"]
                            if not isinstance(data__freeze__hotfix__authors, (list, tuple)):
                                raise BrokenRule("" + (name_prefix or "data") + ".freeze.hotfix.authors must be array")
                            data__freeze__hotfix__authors_is_list = isinstance(data__freeze__hotfix__authors, (list, tuple))
                            if data__freeze__hotfix__authors_is_list:
                                data__freeze__hotfix__authors_len = len(data__freeze__hotfix__authors)
                                if data__freeze__hotfix__authors_len > 100:
                                    raise BrokenRule("" + (name_prefix or "data") + ".freeze.hotfix.authors must contain less than or equal to 100 items")
                                for data__freeze__hotfix__authors_x, data__freeze__hotfix__authors_item in enumerate(data__freeze__hotfix__authors):
                                    if not isinstance(data__freeze__hotfix__authors_item, (str)):
                                        raise BrokenRule("" + (name_prefix or "data") + ".freeze.hotfix.authors[{data__freeze__hotfix__authors_x}]".format(**locals()) + " must be string")
                                    if isinstance(data__freeze__hotfix__authors_item, str):
                                        data__freeze__hotfix__authors_item_len = len(data__freeze__hotfix__authors_item)
                                        if data__freeze__hotfix__authors_item_len < 1:
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.hotfix.authors[{data__freeze__hotfix__authors_x}]".format(**locals()) + " must be longer than or equal to 1 characters")
                                        if data__freeze__hotfix__authors_item_len > 240:
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.hotfix.authors[{data__freeze__hotfix__authors_x}]".format(**locals()) + " must be shorter than or equal to 240 characters")
                        if "allow" in data__freeze__hotfix_keys:
                            data__freeze__hotfix_keys.remove("allow")
                            data__freeze__hotfix__allow = data__freeze__hotfix["allow"]
                            if not isinstance(data__freeze__hotfix__allow, (list, tuple)):
                                raise BrokenRule("" + (name_prefix or "data") + ".freeze.hotfix.allow must be array")
                            data__freeze__hotfix__allow_is_list = isinstance(data__freeze__hotfix__allow, (list, tuple))
                            if data__freeze__hotfix__allow_is_list:
                                data__freeze__hotfix__allow_len = len(data__freeze__hotfix__allow)
                                if data__freeze__hotfix__allow_len > 100:
                                    raise BrokenRule("" + (name_prefix or "data") + ".freeze.hotfix.allow must contain less than or equal to 100 items")
                                for data__freeze__hotfix__allow_x, data__freeze__hotfix__allow_item in enumerate(data__freeze__hotfix__allow):
                                    if not isinstance(data__freeze__hotfix__allow_item, (str)):
                                        raise BrokenRule("" + (name_prefix or "data") + ".freeze.hotfix.allow[{data__freeze__hotfix__allow_x}]".format(**locals()) + " must be string")
                                    if isinstance(data__freeze__hotfix__allow_item, str):
                                        data__freeze__hotfix__allow_item_len = len(data__freeze__hotfix__allow_item)
                                        if data__freeze__hotfix__allow_item_len < 1:
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.hotfix.allow[{data__freeze__hotfix__allow_x}]".format(**locals()) + " must be longer than or equal to 1 characters")
                                        if data__freeze__hotfix__allow_item_len > 240:
                                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.hotfix.allow[{data__freeze__hotfix__allow_x}]".format(**locals()) + " must be shorter than or equal to 240 characters")
                        if data__freeze__hotfix_keys:
                            raise BrokenRule("" + (name_prefix or "data") + ".freeze.hotfix must not contain "+str(data__freeze__hotfix_keys)+" properties")
                if data__freeze_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".freeze must not contain "+str(data__freeze_keys)+" properties")
        if "resolve" in data_keys:
            data_keys.remove("resolve")
            data__resolve = data["resolve"]
            if not isinstance(data__resolve, (dict)):
                raise BrokenRule("" + (name_prefix or "data") + ".resolve must be object")
            data__resolve_is_dict = isinstance(data__resolve, dict)
            if data__resolve_is_dict:
                data__resolve__missing_keys = set([]) - data__resolve.keys()
                if data__resolve__missing_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".resolve must contain ")
                data__resolve_keys = set(data__resolve.keys())
                if "rerere" in data__resolve_keys:
                    data__resolve_keys.remove("rerere")
                    data__resolve__rerere = data__resolve["rerere"]
                    if not isinstance(data__resolve__rerere, (bool)):
                        raise BrokenRule("" + (name_prefix or "data") + ".resolve.rerere must be boolean")
                if "rebase" in data__resolve_keys:
                    data__resolve_keys.remove("rebase")
                    data__resolve__rebase = data__resolve["rebase"]
                    if not isinstance(data__resolve__rebase, (bool)):
                        raise BrokenRule("" + (name_prefix or "data") + ".resolve.rebase must be boolean")
                if "union" in data__resolve_keys:
                    data__resolve_keys.remove("union")
                    data__resolve__union = data__resolve["union"]
                    if not isinstance(data__resolve__union, (list, tuple)):
                        raise BrokenRule("" + (name_prefix or "data") + ".resolve.union must be array")
                    data__resolve__union_is_list = isinstance(data__resolve__union, (list, tuple))
                    if data__resolve__union_is_list:
                        data__resolve__union_len = len(data__resolve__union)
                        if data__resolve__union_len > 100:
                            raise BrokenRule("" + (name_prefix or "data") + ".resolve.union must contain less than or equal to 100 items")
                        for data__resolve__union_x, data__resolve__union_item in enumerate(data__resolve__union):
                            if not isinstance(data__resolve__union_item, (str)):
                                raise BrokenRule("" + (name_prefix or "data") + ".resolve.union[{data__resolve__union_x}]".format(**locals()) + " must be string")
                            if isinstance(data__resolve__union_item, str):
                                data__resolve__union_item_len = len(data__resolve__union_item)
                                if data__resolve__union_item_len < 1:
                                    raise BrokenRule("" + (name_prefix or "data") + ".resolve.union[{data__resolve__union_x}]".format(**locals()) + " must be longer than or equal to 1 characters")
                                if data__resolve__union_item_len > 240:
                                    raise BrokenRule("" + (name_prefix or "data") + ".resolve.union[{data__resolve__union_x}]".format(**locals()) + " must be shorter than or equal to 240 characters")
                if "regenerate" in data__resolve_keys:
                    data__resolve_keys.remove("regenerate")
                    data__resolve__regenerate = data__resolve["regenerate"]
                    if not isinstance(data__resolve__regenerate, (list, tuple)):
                        raise BrokenRule("" + (name_prefix or "data") + ".resolve.regenerate must be array")
                    data__resolve__regenerate_is_list = isinstance(data__resolve__regenerate, (list, tuple))
                    if data__resolve__regenerate_is_list:
                        data__resolve__regenerate_len = len(data__resolve__regenerate)
                        if data__resolve__regenerate_len > 20:
                            raise BrokenRule("" + (name_prefix or "data") + ".resolve.regenerate must contain less than or equal to 20 items")
                        for data__resolve__regenerate_x, data__resolve__regenerate_item in enumerate(data__resolve__regenerate):
                            if not isinstance(data__resolve__regenerate_item, (dict)):
                                raise BrokenRule("" + (name_prefix or "data") + ".resolve.regenerate[{data__resolve__regenerate_x}]".format(**locals()) + " must be object")
                            data__resolve__regenerate_item_is_dict = isinstance(data__resolve__regenerate_item, dict)
                            if data__resolve__regenerate_item_is_dict:
                                data__resolve__regenerate_item__missing_keys = set(['files', 'run']) - data__resolve__regenerate_item.keys()
                                if data__resolve__regenerate_item__missing_keys:
                                    raise BrokenRule("" + (name_prefix or "data") + ".resolve.regenerate[{data__resolve__regenerate_x}]".format(**locals()) + " must contain ")
                                data__resolve__regenerate_item_keys = set(data__resolve__regenerate_item.keys())
                                if "files" in data__resolve__regenerate_item_keys:
                                    data__resolve__regenerate_item_keys.remove("files")
                                    data__resolve__regenerate_item__files = data__resolve__regenerate_item["files"]
                                    if not isinstance(data__resolve__regenerate_item__files, (list, tuple)):
                                        raise BrokenRule("" + (name_prefix or "data") + ".resolve.regenerate[{data__resolve__regenerate_x}].files".format(**locals()) + " must be array")
                                    data__resolve__regenerate_item__files_is_list = isinstance(data__resolve__regenerate_item__files, (list, tuple))
                                    if data__resolve__regenerate_item__files_is_list:
                                        data__resolve__regenerate_item__files_len = len(data__resolve__regenerate_item__files)
                                        if data__resolve__regenerate_item__files_len < 1:
                                            raise BrokenRule("" + (name_prefix or "data") + ".resolve.regenerate[{data__resolve__regenerate_x}].files".format(**locals()) + " must contain at least 1 items")
                                        if data__resolve__regenerate_item__files_len > 50:
                                            raise BrokenRule("" + (name_prefix or "data") + ".resolve.regenerate[{data__resolve__regenerate_x}].files".format(**locals()) + " must contain less than or equal to 50 items")
                                        for data__resolve__regenerate_item__files_x, data__resolve__regenerate_item__files_item in enumerate(data__resolve__regenerate_item__files):
                                            if not isinstance(data__resolve__regenerate_item__files_item, (str)):
                                                raise BrokenRule("" + (name_prefix or "data") + ".resolve.regenerate[{data__resolve__regenerate_x}].files[{data__resolve__regenerate_item__files_x}]".format(**locals()) + " must be string")
                                            if isinstance(data__resolve__regenerate_item__files_item, str):
                                                data__resolve__regenerate_item__files_item_len = len(data__resolve__regenerate_item__files_item)
                                                if data__resolve__regenerate_item__files_item_len < 1:
                                                    raise BrokenRule("" + (name_prefix or "data") + ".resolve.regenerate[{data__resolve__regenerate_x}].files[{data__resolve__regenerate_item__files_x}]".format(**locals()) + " must be longer than or equal to 1 characters")
                                                if data__resolve__regenerate_item__files_item_len > 240:
                                                    raise BrokenRule("" + (name_prefix or "data") + ".resolve.regenerate[{data__resolve__regenerate_x}].files[{data__resolve__regenerate_item__files_x}]".format(**locals()) + " must be shorter than or equal to 240 characters")
                                if "run" in data__resolve__regenerate_item_keys:
                                    data__resolve__regenerate_item_keys.remove("run")
                                    data__resolve__regenerate_item__run = data__resolve__regenerate_item["run"]
                                    if not isinstance(data__resolve__regenerate_item__run, (str, list, tuple)):
                                        raise BrokenRule("" + (name_prefix or "data") + ".resolve.regenerate[{data__resolve__regenerate_x}].run".format(**locals()) + " must be string or array")
                                    if isinstance(data__resolve__regenerate_item__run, str):
                                        data__resolve__regenerate_item__run_len = len(data__resolve__regenerate_item__run)
                                        if data__resolve__regenerate_item__run_len < 1:
                                            raise BrokenRule("" + (name_prefix or "data") + ".resolve.regenerate[{data__resolve__regenerate_x}].run".format(**locals()) + " must be longer than or equal to 1 characters")
                                    data__resolve__regenerate_item__run_is_list = isinstance(data__resolve__regenerate_item__run, (list, tuple))
                                    if data__resolve__regenerate_item__run_is_list:
                                        data__resolve__regenerate_item__run_len = len(data__resolve__regenerate_item__run)
                                        if data__resolve__regenerate_item__run_len < 1:
                                            raise BrokenRule("" + (name_prefix or "data") + ".resolve.regenerate[{data__resolve__regenerate_x}].run".format(**locals()) + " must contain at least 1 items")
                                        for data__resolve__regenerate_item__run_x, data__resolve__regenerate_item__run_item in enumerate(data__resolve__regenerate_item__run):
                                            if not isinstance(data__resolve__regenerate_item__run_item, (str)):
                                                raise BrokenRule("" + (name_prefix or "data") + ".resolve.regenerate[{data__resolve__regenerate_x}].run[{data__resolve__regenerate_item__run_x}]".format(**locals()) + " must be string")
                                if "timeout" in data__resolve__regenerate_item_keys:
                                    data__resolve__regenerate_item_keys.remove("timeout")
                                    data__resolve__regenerate_item__timeout = data__resolve__regenerate_item["timeout"]
                                    if not isinstance(data__resolve__regenerate_item__timeout, (str, int, float)) or isinstance(data__resolve__regenerate_item__timeout, bool):
                                        raise BrokenRule("" + (name_prefix or "data") + ".resolve.regenerate[{data__resolve__regenerate_x}].timeout".format(**locals()) + " must be string or number")
                                    if isinstance(data__resolve__regenerate_item__timeout, str):
                                        if not REGEX_PATTERNS['^[0-9]+(\\.[0-9]+)?(ms|s|m|h)?$'].search(data__resolve__regenerate_item__timeout):
                                            raise BrokenRule("" + (name_prefix or "data") + ".resolve.regenerate[{data__resolve__regenerate_x}].timeout".format(**locals()) + " must match pattern ^[0-9]+(\\.[0-9]+)?(ms|s|m|h)?$")
                                    if isinstance(data__resolve__regenerate_item__timeout, (int, float)) and not isinstance(data__resolve__regenerate_item__timeout, bool):
                                        if data__resolve__regenerate_item__timeout <= 0:
                                            raise BrokenRule("" + (name_prefix or "data") + ".resolve.regenerate[{data__resolve__regenerate_x}].timeout".format(**locals()) + " must be bigger than 0")
                                if "directory" in data__resolve__regenerate_item_keys:
                                    data__resolve__regenerate_item_keys.remove("directory")
                                    data__resolve__regenerate_item__directory = data__resolve__regenerate_item["directory"]
                                    if not isinstance(data__resolve__regenerate_item__directory, (str)):
                                        raise BrokenRule("" + (name_prefix or "data") + ".resolve.regenerate[{data__resolve__regenerate_x}].directory".format(**locals()) + " must be string")
                                    if isinstance(data__resolve__regenerate_item__directory, str):
                                        data__resolve__regenerate_item__directory_len = len(data__resolve__regenerate_item__directory)
                                        if data__resolve__regenerate_item__directory_len < 1:
                                            raise BrokenRule("" + (name_prefix or "data") + ".resolve.regenerate[{data__resolve__regenerate_x}].directory".format(**locals()) + " must be longer than or equal to 1 characters")
                                if data__resolve__regenerate_item_keys:
                                    raise BrokenRule("" + (name_prefix or "data") + ".resolve.regenerate[{data__resolve__regenerate_x}]".format(**locals()) + " must not contain "+str(data__resolve__regenerate_item_keys)+" properties")
                if data__resolve_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".resolve must not contain "+str(data__resolve_keys)+" properties")
        if "signatures" in data_keys:
            data_keys.remove("signatures")
            data__signatures = data["signatures"]
            if not isinstance(data__signatures, (dict)):
                raise BrokenRule("" + (name_prefix or "data") + ".signatures must be object")
            data__signatures_is_dict = isinstance(data__signatures, dict)
            if data__signatures_is_dict:
                data__signatures__missing_keys = set([]) - data__signatures.keys()
                if data__signatures__missing_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".signatures must contain ")
                data__signatures_keys = set(data__signatures.keys())
                if "require" in data__signatures_keys:
                    data__signatures_keys.remove("require")
                    data__signatures__require = data__signatures["require"]
                    if not isinstance(data__signatures__require, (list, tuple)):
                        raise BrokenRule("" + (name_prefix or "data") + ".signatures.require must be array")
                    data__signatures__require_is_list = isinstance(data__signatures__require, (list, tuple))
                    if data__signatures__require_is_list:
                        data__signatures__require_len = len(data__signatures__require)
                        if data__signatures__require_len > 2:
                            raise BrokenRule("" + (name_prefix or "data") + ".signatures.require must contain less than or equal to 2 items")
                        for data__signatures__require_x, data__signatures__require_item in enumerate(data__signatures__require):
                            if not (isinstance(data__signatures__require_item, str) and data__signatures__require_item == 'landings' or isinstance(data__signatures__require_item, str) and data__signatures__require_item == 'queue'):
                                raise BrokenRule("" + (name_prefix or "data") + ".signatures.require[{data__signatures__require_x}]".format(**locals()) + " must be one of ['landings', 'queue']")
                if "signers" in data__signatures_keys:
                    data__signatures_keys.remove("signers")
                    data__signatures__signers = data__signatures["signers"]
                    if not isinstance(data__signatures__signers, (str)):
                        raise BrokenRule("" + (name_prefix or "data") + ".signatures.signers must be string")
                    if isinstance(data__signatures__signers, str):
                        data__signatures__signers_len = len(data__signatures__signers)
                        if data__signatures__signers_len < 1:
                            raise BrokenRule("" + (name_prefix or "data") + ".signatures.signers must be longer than or equal to 1 characters")
                        if data__signatures__signers_len > 240:
                            raise BrokenRule("" + (name_prefix or "data") + ".signatures.signers must be shorter than or equal to 240 characters")
                if "keyring" in data__signatures_keys:
                    data__signatures_keys.remove("keyring")
                    data__signatures__keyring = data__signatures["keyring"]
                    if not isinstance(data__signatures__keyring, (str)):
                        raise BrokenRule("" + (name_prefix or "data") + ".signatures.keyring must be string")
                    if isinstance(data__signatures__keyring, str):
                        data__signatures__keyring_len = len(data__signatures__keyring)
                        if data__signatures__keyring_len < 1:
                            raise BrokenRule("" + (name_prefix or "data") + ".signatures.keyring must be longer than or equal to 1 characters")
                        if data__signatures__keyring_len > 240:
                            raise BrokenRule("" + (name_prefix or "data") + ".signatures.keyring must be shorter than or equal to 240 characters")
                if data__signatures_keys:
                    raise BrokenRule("" + (name_prefix or "data") + ".signatures must not contain "+str(data__signatures_keys)+" properties")
        if data_keys:
            raise BrokenRule("" + (name_prefix or "data") + " must not contain "+str(data_keys)+" properties")
    return data
