"""Made from schemas/config.schema.json by tools/compile_schemas.py; do not edit."""
# ruff: noqa
# mypy: ignore-errors

import re

from refinery.records.compiled import BrokenRule

REGEX_PATTERNS = {
    '^[A-Za-z0-9][A-Za-z0-9._ -]*$': re.compile('^[A-Za-z0-9][A-Za-z0-9._ -]*\\Z'),
    '^[0-9]+(\\.[0-9]+)?(ms|s|m|h)?$': re.compile('^[0-9]+(\\.[0-9]+)?(ms|s|m|h)?\\Z'),
    '^[A-Za-z_][A-Za-z0-9_]*$': re.compile('^[A-Za-z_][A-Za-z0-9_]*\\Z'),
    '^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9_.-]+)+$': re.compile('^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9_.-]+)+\\Z'),
    '^[A-Z_][A-Z0-9_]*$': re.compile('^[A-Z_][A-Z0-9_]*\\Z')
}

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
        if data_keys:
            raise BrokenRule("" + (name_prefix or "data") + " must not contain "+str(data_keys)+" properties")
    return data
