# Completion of refinery for bash, made by tools/make_completions.py with shtab.

_shtab_refinery_stack_subparsers=(show submit rebase)
_shtab_refinery_integration_subparsers=(create land status)
_shtab_refinery_candidate_subparsers=(take test settle)
_shtab_refinery_hotfix_subparsers=(ask allow revoke)
_shtab_refinery_issue_subparsers=(list show close reopen comment open label)
_shtab_refinery_subparsers=(init submit push stack integration forecast list queue ready unclaimed blocked next show why wait explain plan log status stats claim release process candidate retry reject priority hold unhold freeze thaw hotfix pause resume resolve issue start spawn stop restart attach top hooks report serve webhook reconcile mcp verify fsck doctor completion demo replay simulate hook help)

_shtab_refinery_init_option_strings=(-h --help --yes -y --dry-run --target --check --github --gitlab --gitea --bare --workers --two-jobs --no-two-jobs --no-workflow --force --no-push --no-hooks --json)
_shtab_refinery_submit_option_strings=(-h --help -t --target -p --priority -i --issue --title --depends-on --unit --no-unit --label --hotfix --epic --convoy --worker --agent-bead -f --force --force-with-lease --no-forecast --repo --json --branch --no-push)
_shtab_refinery_push_option_strings=(-h --help -t --target -p --priority -i --issue --title --depends-on --unit --no-unit --label --hotfix --epic --convoy --worker --agent-bead -f --force --force-with-lease --no-forecast --repo --json)
_shtab_refinery_stack_show_option_strings=(-h --help -t --target --repo --json)
_shtab_refinery_stack_submit_option_strings=(-h --help --unit -p --priority -f --force --force-with-lease --dry-run -t --target --repo --json)
_shtab_refinery_stack_rebase_option_strings=(-h --help --onto-target --push --dry-run -t --target --repo --json)
_shtab_refinery_stack_option_strings=(-h --help)
_shtab_refinery_integration_create_option_strings=(-h --help --base --dry-run --repo --json)
_shtab_refinery_integration_land_option_strings=(-h --help --force --title --dry-run -t --target --repo --json)
_shtab_refinery_integration_status_option_strings=(-h --help -t --target --repo --json)
_shtab_refinery_integration_option_strings=(-h --help)
_shtab_refinery_forecast_option_strings=(-h --help --branch --target --json)
_shtab_refinery_list_option_strings=(-h --help --ready --status --worker --epic --target -n --number --after --json)
_shtab_refinery_queue_option_strings=(-h --help --json)
_shtab_refinery_ready_option_strings=(-h --help --json)
_shtab_refinery_unclaimed_option_strings=(-h --help --json)
_shtab_refinery_blocked_option_strings=(-h --help --json)
_shtab_refinery_next_option_strings=(-h --help --strategy --worker -q --quiet --json)
_shtab_refinery_show_option_strings=(-h --help --repo --json)
_shtab_refinery_why_option_strings=(-h --help --repo --json)
_shtab_refinery_wait_option_strings=(-h --help --timeout --interval --until --repo --json)
_shtab_refinery_explain_option_strings=(-h --help --json)
_shtab_refinery_plan_option_strings=(-h --help --workers --json)
_shtab_refinery_log_option_strings=(-h --help -n --number --repo --json)
_shtab_refinery_status_option_strings=(-h --help --all --json --unhealthy-after)
_shtab_refinery_stats_option_strings=(-h --help --target --since --json --openmetrics)
_shtab_refinery_claim_option_strings=(-h --help --repo --json)
_shtab_refinery_release_option_strings=(-h --help --repo --json --force)
_shtab_refinery_process_option_strings=(-h --help --drain --once --watch --max-time --every --longest --jobs --workers --linger --dry-run --quiet)
_shtab_refinery_candidate_take_option_strings=(-h --help --out --claim-for)
_shtab_refinery_candidate_test_option_strings=(-h --help --out)
_shtab_refinery_candidate_settle_option_strings=(-h --help --json)
_shtab_refinery_candidate_option_strings=(-h --help)
_shtab_refinery_retry_option_strings=(-h --help --repo --json)
_shtab_refinery_reject_option_strings=(-h --help --repo --json -r --reason)
_shtab_refinery_priority_option_strings=(-h --help --repo --json)
_shtab_refinery_hold_option_strings=(-h --help --repo --json -r --reason --until --for --tz)
_shtab_refinery_unhold_option_strings=(-h --help --repo --json)
_shtab_refinery_freeze_option_strings=(-h --help -r --reason --until --for --tz --repo --json)
_shtab_refinery_thaw_option_strings=(-h --help -r --reason --until --for --tz --repo --json)
_shtab_refinery_hotfix_ask_option_strings=(-h --help --repo --json -r --reason)
_shtab_refinery_hotfix_allow_option_strings=(-h --help --repo --json -r --reason)
_shtab_refinery_hotfix_revoke_option_strings=(-h --help --repo --json)
_shtab_refinery_hotfix_option_strings=(-h --help)
_shtab_refinery_pause_option_strings=(-h --help -r --reason --until --for --tz)
_shtab_refinery_resume_option_strings=(-h --help)
_shtab_refinery_resolve_option_strings=(-h --help --continue --abort --at --by --repo --json)
_shtab_refinery_issue_list_option_strings=(-h --help --state --all --repo --json)
_shtab_refinery_issue_show_option_strings=(-h --help --repo --json)
_shtab_refinery_issue_close_option_strings=(-h --help --body -m --repo --json)
_shtab_refinery_issue_reopen_option_strings=(-h --help --body -m --repo --json)
_shtab_refinery_issue_comment_option_strings=(-h --help --body -m --repo --json)
_shtab_refinery_issue_open_option_strings=(-h --help --body -m --label -l --repo --json)
_shtab_refinery_issue_label_option_strings=(-h --help --add --remove --repo --json)
_shtab_refinery_issue_option_strings=(-h --help)
_shtab_refinery_start_option_strings=(-h --help --all --foreground --every --longest)
_shtab_refinery_spawn_option_strings=(-h --help --all --foreground --every --longest)
_shtab_refinery_stop_option_strings=(-h --help --all --finish --wait)
_shtab_refinery_restart_option_strings=(-h --help --all --every --longest --wait)
_shtab_refinery_attach_option_strings=(-h --help --log --lines --every --look-every --ascii)
_shtab_refinery_top_option_strings=(-h --help --look-every --ascii --once)
_shtab_refinery_hooks_option_strings=(-h --help --server --client --repo --json)
_shtab_refinery_report_option_strings=(-h --help --out --at --most --json)
_shtab_refinery_serve_option_strings=(-h --help --host --port --spool --max-body --process --no-page --no-webhooks)
_shtab_refinery_webhook_option_strings=(-h --help --event --name --forge --failed --spool --repo --json)
_shtab_refinery_reconcile_option_strings=(-h --help --dry-run --json)
_shtab_refinery_mcp_option_strings=(-h --help)
_shtab_refinery_verify_option_strings=(-h --help --signatures --last --since --json)
_shtab_refinery_fsck_option_strings=(-h --help --json)
_shtab_refinery_doctor_option_strings=(-h --help --offline --repair --yes --json)
_shtab_refinery_completion_option_strings=(-h --help)
_shtab_refinery_demo_option_strings=(-h --help --keep)
_shtab_refinery_replay_option_strings=(-h --help --last --shuffle --check --batch --method --target --keep --json)
_shtab_refinery_simulate_option_strings=(-h --help --preset --from-history --arrivals --workers --changes --agents --person --duration --fail --flake --interact --conflict --seed --policies --batch --chart --json)
_shtab_refinery_hook_option_strings=(-h --help)
_shtab_refinery_help_option_strings=(-h --help --man)
_shtab_refinery_option_strings=(-h --help -V --version --color)

_shtab_refinery_init_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_init___target_COMPGEN=_refinery_targets
_shtab_refinery_submit_pos_0_COMPGEN=_refinery_branches
_shtab_refinery_submit__t_COMPGEN=_refinery_targets
_shtab_refinery_submit___target_COMPGEN=_refinery_targets
_shtab_refinery_submit___depends_on_COMPGEN=_refinery_open
_shtab_refinery_submit___epic_COMPGEN=_refinery_epics
_shtab_refinery_submit___worker_COMPGEN=_refinery_workers
_shtab_refinery_submit___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_submit___branch_COMPGEN=_refinery_branches
_shtab_refinery_push_pos_0_COMPGEN=_refinery_branches
_shtab_refinery_push__t_COMPGEN=_refinery_targets
_shtab_refinery_push___target_COMPGEN=_refinery_targets
_shtab_refinery_push___depends_on_COMPGEN=_refinery_open
_shtab_refinery_push___epic_COMPGEN=_refinery_epics
_shtab_refinery_push___worker_COMPGEN=_refinery_workers
_shtab_refinery_push___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_stack_show__t_COMPGEN=_refinery_targets
_shtab_refinery_stack_show___target_COMPGEN=_refinery_targets
_shtab_refinery_stack_show___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_stack_submit__t_COMPGEN=_refinery_targets
_shtab_refinery_stack_submit___target_COMPGEN=_refinery_targets
_shtab_refinery_stack_submit___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_stack_rebase__t_COMPGEN=_refinery_targets
_shtab_refinery_stack_rebase___target_COMPGEN=_refinery_targets
_shtab_refinery_stack_rebase___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_integration_create_pos_0_COMPGEN=_refinery_epics
_shtab_refinery_integration_create___base_COMPGEN=_refinery_targets
_shtab_refinery_integration_create___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_integration_land_pos_0_COMPGEN=_refinery_epics
_shtab_refinery_integration_land__t_COMPGEN=_refinery_targets
_shtab_refinery_integration_land___target_COMPGEN=_refinery_targets
_shtab_refinery_integration_land___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_integration_status_pos_0_COMPGEN=_refinery_epics
_shtab_refinery_integration_status__t_COMPGEN=_refinery_targets
_shtab_refinery_integration_status___target_COMPGEN=_refinery_targets
_shtab_refinery_integration_status___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_forecast_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_forecast___branch_COMPGEN=_refinery_branches
_shtab_refinery_forecast___target_COMPGEN=_refinery_targets
_shtab_refinery_list_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_list___worker_COMPGEN=_refinery_workers
_shtab_refinery_list___epic_COMPGEN=_refinery_epics
_shtab_refinery_list___target_COMPGEN=_refinery_targets
_shtab_refinery_queue_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_ready_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_unclaimed_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_blocked_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_next_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_next___worker_COMPGEN=_refinery_workers
_shtab_refinery_show_pos_0_COMPGEN=_refinery_all
_shtab_refinery_show___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_why_pos_0_COMPGEN=_refinery_all
_shtab_refinery_why___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_wait_pos_0_COMPGEN=_refinery_all
_shtab_refinery_wait___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_plan_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_log_pos_0_COMPGEN=_refinery_all
_shtab_refinery_log___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_status_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_stats_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_stats___target_COMPGEN=_refinery_targets
_shtab_refinery_stats___openmetrics_COMPGEN=_shtab_compgen_files
_shtab_refinery_claim_pos_0_COMPGEN=_refinery_open
_shtab_refinery_claim___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_release_pos_0_COMPGEN=_refinery_open
_shtab_refinery_release___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_process_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_candidate_take_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_candidate_take___out_COMPGEN=_shtab_compgen_files
_shtab_refinery_candidate_test_pos_0_COMPGEN=_shtab_compgen_files
_shtab_refinery_candidate_test_pos_1_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_candidate_test___out_COMPGEN=_shtab_compgen_files
_shtab_refinery_candidate_settle_pos_0_COMPGEN=_shtab_compgen_files
_shtab_refinery_candidate_settle_pos_1_COMPGEN=_shtab_compgen_files
_shtab_refinery_candidate_settle_pos_2_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_retry_pos_0_COMPGEN=_refinery_open
_shtab_refinery_retry___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_reject_pos_0_COMPGEN=_refinery_open
_shtab_refinery_reject___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_priority_pos_0_COMPGEN=_refinery_open
_shtab_refinery_priority___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_hold_pos_0_COMPGEN=_refinery_open
_shtab_refinery_hold___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_unhold_pos_0_COMPGEN=_refinery_open
_shtab_refinery_unhold___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_freeze_pos_0_COMPGEN=_refinery_targets
_shtab_refinery_freeze___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_thaw_pos_0_COMPGEN=_refinery_targets
_shtab_refinery_thaw___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_hotfix_ask_pos_0_COMPGEN=_refinery_open
_shtab_refinery_hotfix_ask___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_hotfix_allow_pos_0_COMPGEN=_refinery_open
_shtab_refinery_hotfix_allow___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_hotfix_revoke_pos_0_COMPGEN=_refinery_open
_shtab_refinery_hotfix_revoke___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_pause_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_resume_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_resolve_pos_0_COMPGEN=_refinery_open
_shtab_refinery_resolve___at_COMPGEN=_shtab_compgen_dirs
_shtab_refinery_resolve___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_issue_list___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_issue_show_pos_0_COMPGEN=_refinery_issues
_shtab_refinery_issue_show___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_issue_close_pos_0_COMPGEN=_refinery_issues
_shtab_refinery_issue_close___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_issue_reopen_pos_0_COMPGEN=_refinery_issues
_shtab_refinery_issue_reopen___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_issue_comment_pos_0_COMPGEN=_refinery_issues
_shtab_refinery_issue_comment___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_issue_open___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_issue_label_pos_0_COMPGEN=_refinery_issues
_shtab_refinery_issue_label___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_start_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_spawn_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_stop_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_restart_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_attach_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_top_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_hooks___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_report_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_report___out_COMPGEN=_shtab_compgen_dirs
_shtab_refinery_serve_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_serve___spool_COMPGEN=_shtab_compgen_files
_shtab_refinery_webhook___event_COMPGEN=_shtab_compgen_files
_shtab_refinery_webhook___spool_COMPGEN=_shtab_compgen_files
_shtab_refinery_webhook___repo_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_reconcile_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_mcp_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_verify_pos_0_COMPGEN=_refinery_all
_shtab_refinery_fsck_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_doctor_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_demo___keep_COMPGEN=_shtab_compgen_dirs
_shtab_refinery_replay_pos_0_COMPGEN=_refinery_rigs_or_dir
_shtab_refinery_replay___target_COMPGEN=_refinery_targets
_shtab_refinery_replay___keep_COMPGEN=_shtab_compgen_dirs
_shtab_refinery_simulate_pos_0_COMPGEN=_refinery_rigs_or_dir

_shtab_refinery_stack_pos_0_choices=(show submit rebase)
_shtab_refinery_integration_pos_0_choices=(create land status)
_shtab_refinery_list___status_choices=(open in_progress blocked closed all)
_shtab_refinery_next___strategy_choices=(priority fifo)
_shtab_refinery_wait___until_choices=(landed closed unblocked)
_shtab_refinery_candidate_pos_0_choices=(take test settle)
_shtab_refinery_priority_pos_1_choices=(0 1 2 3 4)
_shtab_refinery_hotfix_pos_0_choices=(ask allow revoke)
_shtab_refinery_resolve___by_choices=(merge rebase)
_shtab_refinery_issue_list___state_choices=(open closed all)
_shtab_refinery_issue_pos_0_choices=(list show close reopen comment open label)
_shtab_refinery_hooks_pos_0_choices=(install uninstall status)
_shtab_refinery_webhook___forge_choices=(github gitlab gitea)
_shtab_refinery_completion_pos_0_choices=(bash zsh fish)
_shtab_refinery_replay___method_choices=(merge squash)
_shtab_refinery_hook_pos_0_choices=(pre-push pre-receive post-receive)
_shtab_refinery_help_pos_0_choices=(init submit push stack integration forecast list queue ready unclaimed blocked next show why wait explain plan log status stats claim release process candidate retry reject priority hold unhold freeze thaw hotfix pause resume resolve issue start stop restart attach top hooks report serve webhook reconcile mcp verify fsck doctor completion demo replay simulate hook)
_shtab_refinery_pos_0_choices=(init submit push stack integration forecast list queue ready unclaimed blocked next show why wait explain plan log status stats claim release process candidate retry reject priority hold unhold freeze thaw hotfix pause resume resolve issue start spawn stop restart attach top hooks report serve webhook reconcile mcp verify fsck doctor completion demo replay simulate hook help)
_shtab_refinery___color_choices=(auto always never)

_shtab_refinery_init__h_nargs=0
_shtab_refinery_init___help_nargs=0
_shtab_refinery_init___yes_nargs=0
_shtab_refinery_init__y_nargs=0
_shtab_refinery_init___dry_run_nargs=0
_shtab_refinery_init___github_nargs=0
_shtab_refinery_init___gitlab_nargs=0
_shtab_refinery_init___gitea_nargs=0
_shtab_refinery_init___bare_nargs=0
_shtab_refinery_init___two_jobs_nargs=0
_shtab_refinery_init___no_two_jobs_nargs=0
_shtab_refinery_init___no_workflow_nargs=0
_shtab_refinery_init___force_nargs=0
_shtab_refinery_init___no_push_nargs=0
_shtab_refinery_init___no_hooks_nargs=0
_shtab_refinery_init___json_nargs=0
_shtab_refinery_submit__h_nargs=0
_shtab_refinery_submit___help_nargs=0
_shtab_refinery_submit___no_unit_nargs=0
_shtab_refinery_submit__f_nargs=0
_shtab_refinery_submit___force_nargs=0
_shtab_refinery_submit___force_with_lease_nargs=0
_shtab_refinery_submit___no_forecast_nargs=0
_shtab_refinery_submit___json_nargs=0
_shtab_refinery_submit___no_push_nargs=0
_shtab_refinery_push__h_nargs=0
_shtab_refinery_push___help_nargs=0
_shtab_refinery_push___no_unit_nargs=0
_shtab_refinery_push__f_nargs=0
_shtab_refinery_push___force_nargs=0
_shtab_refinery_push___force_with_lease_nargs=0
_shtab_refinery_push___no_forecast_nargs=0
_shtab_refinery_push___json_nargs=0
_shtab_refinery_stack_show__h_nargs=0
_shtab_refinery_stack_show___help_nargs=0
_shtab_refinery_stack_show___json_nargs=0
_shtab_refinery_stack_submit__h_nargs=0
_shtab_refinery_stack_submit___help_nargs=0
_shtab_refinery_stack_submit__f_nargs=0
_shtab_refinery_stack_submit___force_nargs=0
_shtab_refinery_stack_submit___force_with_lease_nargs=0
_shtab_refinery_stack_submit___dry_run_nargs=0
_shtab_refinery_stack_submit___json_nargs=0
_shtab_refinery_stack_rebase__h_nargs=0
_shtab_refinery_stack_rebase___help_nargs=0
_shtab_refinery_stack_rebase___onto_target_nargs=0
_shtab_refinery_stack_rebase___push_nargs=0
_shtab_refinery_stack_rebase___dry_run_nargs=0
_shtab_refinery_stack_rebase___json_nargs=0
_shtab_refinery_stack_pos_0_nargs=A...
_shtab_refinery_stack__h_nargs=0
_shtab_refinery_stack___help_nargs=0
_shtab_refinery_integration_create__h_nargs=0
_shtab_refinery_integration_create___help_nargs=0
_shtab_refinery_integration_create___dry_run_nargs=0
_shtab_refinery_integration_create___json_nargs=0
_shtab_refinery_integration_land__h_nargs=0
_shtab_refinery_integration_land___help_nargs=0
_shtab_refinery_integration_land___force_nargs=0
_shtab_refinery_integration_land___dry_run_nargs=0
_shtab_refinery_integration_land___json_nargs=0
_shtab_refinery_integration_status__h_nargs=0
_shtab_refinery_integration_status___help_nargs=0
_shtab_refinery_integration_status___json_nargs=0
_shtab_refinery_integration_pos_0_nargs=A...
_shtab_refinery_integration__h_nargs=0
_shtab_refinery_integration___help_nargs=0
_shtab_refinery_forecast__h_nargs=0
_shtab_refinery_forecast___help_nargs=0
_shtab_refinery_forecast___json_nargs=0
_shtab_refinery_list__h_nargs=0
_shtab_refinery_list___help_nargs=0
_shtab_refinery_list___ready_nargs=0
_shtab_refinery_list___json_nargs=0
_shtab_refinery_queue__h_nargs=0
_shtab_refinery_queue___help_nargs=0
_shtab_refinery_queue___json_nargs=0
_shtab_refinery_ready__h_nargs=0
_shtab_refinery_ready___help_nargs=0
_shtab_refinery_ready___json_nargs=0
_shtab_refinery_unclaimed__h_nargs=0
_shtab_refinery_unclaimed___help_nargs=0
_shtab_refinery_unclaimed___json_nargs=0
_shtab_refinery_blocked__h_nargs=0
_shtab_refinery_blocked___help_nargs=0
_shtab_refinery_blocked___json_nargs=0
_shtab_refinery_next__h_nargs=0
_shtab_refinery_next___help_nargs=0
_shtab_refinery_next__q_nargs=0
_shtab_refinery_next___quiet_nargs=0
_shtab_refinery_next___json_nargs=0
_shtab_refinery_show__h_nargs=0
_shtab_refinery_show___help_nargs=0
_shtab_refinery_show___json_nargs=0
_shtab_refinery_why__h_nargs=0
_shtab_refinery_why___help_nargs=0
_shtab_refinery_why___json_nargs=0
_shtab_refinery_wait__h_nargs=0
_shtab_refinery_wait___help_nargs=0
_shtab_refinery_wait___json_nargs=0
_shtab_refinery_explain__h_nargs=0
_shtab_refinery_explain___help_nargs=0
_shtab_refinery_explain___json_nargs=0
_shtab_refinery_plan__h_nargs=0
_shtab_refinery_plan___help_nargs=0
_shtab_refinery_plan___json_nargs=0
_shtab_refinery_log__h_nargs=0
_shtab_refinery_log___help_nargs=0
_shtab_refinery_log___json_nargs=0
_shtab_refinery_status_pos_0_nargs='*'
_shtab_refinery_status__h_nargs=0
_shtab_refinery_status___help_nargs=0
_shtab_refinery_status___all_nargs=0
_shtab_refinery_status___json_nargs=0
_shtab_refinery_stats__h_nargs=0
_shtab_refinery_stats___help_nargs=0
_shtab_refinery_stats___json_nargs=0
_shtab_refinery_claim__h_nargs=0
_shtab_refinery_claim___help_nargs=0
_shtab_refinery_claim___json_nargs=0
_shtab_refinery_release__h_nargs=0
_shtab_refinery_release___help_nargs=0
_shtab_refinery_release___json_nargs=0
_shtab_refinery_release___force_nargs=0
_shtab_refinery_process__h_nargs=0
_shtab_refinery_process___help_nargs=0
_shtab_refinery_process___drain_nargs=0
_shtab_refinery_process___once_nargs=0
_shtab_refinery_process___watch_nargs=0
_shtab_refinery_process___dry_run_nargs=0
_shtab_refinery_process___quiet_nargs=0
_shtab_refinery_candidate_take__h_nargs=0
_shtab_refinery_candidate_take___help_nargs=0
_shtab_refinery_candidate_test__h_nargs=0
_shtab_refinery_candidate_test___help_nargs=0
_shtab_refinery_candidate_settle__h_nargs=0
_shtab_refinery_candidate_settle___help_nargs=0
_shtab_refinery_candidate_settle___json_nargs=0
_shtab_refinery_candidate_pos_0_nargs=A...
_shtab_refinery_candidate__h_nargs=0
_shtab_refinery_candidate___help_nargs=0
_shtab_refinery_retry__h_nargs=0
_shtab_refinery_retry___help_nargs=0
_shtab_refinery_retry___json_nargs=0
_shtab_refinery_reject__h_nargs=0
_shtab_refinery_reject___help_nargs=0
_shtab_refinery_reject___json_nargs=0
_shtab_refinery_priority__h_nargs=0
_shtab_refinery_priority___help_nargs=0
_shtab_refinery_priority___json_nargs=0
_shtab_refinery_hold__h_nargs=0
_shtab_refinery_hold___help_nargs=0
_shtab_refinery_hold___json_nargs=0
_shtab_refinery_unhold__h_nargs=0
_shtab_refinery_unhold___help_nargs=0
_shtab_refinery_unhold___json_nargs=0
_shtab_refinery_freeze__h_nargs=0
_shtab_refinery_freeze___help_nargs=0
_shtab_refinery_freeze___json_nargs=0
_shtab_refinery_thaw__h_nargs=0
_shtab_refinery_thaw___help_nargs=0
_shtab_refinery_thaw___json_nargs=0
_shtab_refinery_hotfix_ask__h_nargs=0
_shtab_refinery_hotfix_ask___help_nargs=0
_shtab_refinery_hotfix_ask___json_nargs=0
_shtab_refinery_hotfix_allow__h_nargs=0
_shtab_refinery_hotfix_allow___help_nargs=0
_shtab_refinery_hotfix_allow___json_nargs=0
_shtab_refinery_hotfix_revoke__h_nargs=0
_shtab_refinery_hotfix_revoke___help_nargs=0
_shtab_refinery_hotfix_revoke___json_nargs=0
_shtab_refinery_hotfix_pos_0_nargs=A...
_shtab_refinery_hotfix__h_nargs=0
_shtab_refinery_hotfix___help_nargs=0
_shtab_refinery_pause__h_nargs=0
_shtab_refinery_pause___help_nargs=0
_shtab_refinery_resume__h_nargs=0
_shtab_refinery_resume___help_nargs=0
_shtab_refinery_resolve__h_nargs=0
_shtab_refinery_resolve___help_nargs=0
_shtab_refinery_resolve___continue_nargs=0
_shtab_refinery_resolve___abort_nargs=0
_shtab_refinery_resolve___json_nargs=0
_shtab_refinery_issue_list__h_nargs=0
_shtab_refinery_issue_list___help_nargs=0
_shtab_refinery_issue_list___all_nargs=0
_shtab_refinery_issue_list___json_nargs=0
_shtab_refinery_issue_show__h_nargs=0
_shtab_refinery_issue_show___help_nargs=0
_shtab_refinery_issue_show___json_nargs=0
_shtab_refinery_issue_close__h_nargs=0
_shtab_refinery_issue_close___help_nargs=0
_shtab_refinery_issue_close___json_nargs=0
_shtab_refinery_issue_reopen__h_nargs=0
_shtab_refinery_issue_reopen___help_nargs=0
_shtab_refinery_issue_reopen___json_nargs=0
_shtab_refinery_issue_comment__h_nargs=0
_shtab_refinery_issue_comment___help_nargs=0
_shtab_refinery_issue_comment___json_nargs=0
_shtab_refinery_issue_open__h_nargs=0
_shtab_refinery_issue_open___help_nargs=0
_shtab_refinery_issue_open___json_nargs=0
_shtab_refinery_issue_label__h_nargs=0
_shtab_refinery_issue_label___help_nargs=0
_shtab_refinery_issue_label___json_nargs=0
_shtab_refinery_issue_pos_0_nargs=A...
_shtab_refinery_issue__h_nargs=0
_shtab_refinery_issue___help_nargs=0
_shtab_refinery_start_pos_0_nargs='*'
_shtab_refinery_start__h_nargs=0
_shtab_refinery_start___help_nargs=0
_shtab_refinery_start___all_nargs=0
_shtab_refinery_start___foreground_nargs=0
_shtab_refinery_spawn_pos_0_nargs='*'
_shtab_refinery_spawn__h_nargs=0
_shtab_refinery_spawn___help_nargs=0
_shtab_refinery_spawn___all_nargs=0
_shtab_refinery_spawn___foreground_nargs=0
_shtab_refinery_stop_pos_0_nargs='*'
_shtab_refinery_stop__h_nargs=0
_shtab_refinery_stop___help_nargs=0
_shtab_refinery_stop___all_nargs=0
_shtab_refinery_stop___finish_nargs=0
_shtab_refinery_restart_pos_0_nargs='*'
_shtab_refinery_restart__h_nargs=0
_shtab_refinery_restart___help_nargs=0
_shtab_refinery_restart___all_nargs=0
_shtab_refinery_attach__h_nargs=0
_shtab_refinery_attach___help_nargs=0
_shtab_refinery_attach___log_nargs=0
_shtab_refinery_attach___ascii_nargs=0
_shtab_refinery_top__h_nargs=0
_shtab_refinery_top___help_nargs=0
_shtab_refinery_top___ascii_nargs=0
_shtab_refinery_top___once_nargs=0
_shtab_refinery_hooks__h_nargs=0
_shtab_refinery_hooks___help_nargs=0
_shtab_refinery_hooks___server_nargs=0
_shtab_refinery_hooks___client_nargs=0
_shtab_refinery_hooks___json_nargs=0
_shtab_refinery_report__h_nargs=0
_shtab_refinery_report___help_nargs=0
_shtab_refinery_report___json_nargs=0
_shtab_refinery_serve__h_nargs=0
_shtab_refinery_serve___help_nargs=0
_shtab_refinery_serve___process_nargs=0
_shtab_refinery_serve___no_page_nargs=0
_shtab_refinery_serve___no_webhooks_nargs=0
_shtab_refinery_webhook__h_nargs=0
_shtab_refinery_webhook___help_nargs=0
_shtab_refinery_webhook___failed_nargs=0
_shtab_refinery_webhook___json_nargs=0
_shtab_refinery_reconcile__h_nargs=0
_shtab_refinery_reconcile___help_nargs=0
_shtab_refinery_reconcile___dry_run_nargs=0
_shtab_refinery_reconcile___json_nargs=0
_shtab_refinery_mcp__h_nargs=0
_shtab_refinery_mcp___help_nargs=0
_shtab_refinery_verify_pos_0_nargs='*'
_shtab_refinery_verify__h_nargs=0
_shtab_refinery_verify___help_nargs=0
_shtab_refinery_verify___signatures_nargs=0
_shtab_refinery_verify___json_nargs=0
_shtab_refinery_fsck__h_nargs=0
_shtab_refinery_fsck___help_nargs=0
_shtab_refinery_fsck___json_nargs=0
_shtab_refinery_doctor__h_nargs=0
_shtab_refinery_doctor___help_nargs=0
_shtab_refinery_doctor___offline_nargs=0
_shtab_refinery_doctor___repair_nargs=0
_shtab_refinery_doctor___yes_nargs=0
_shtab_refinery_doctor___json_nargs=0
_shtab_refinery_completion__h_nargs=0
_shtab_refinery_completion___help_nargs=0
_shtab_refinery_demo__h_nargs=0
_shtab_refinery_demo___help_nargs=0
_shtab_refinery_replay__h_nargs=0
_shtab_refinery_replay___help_nargs=0
_shtab_refinery_replay___json_nargs=0
_shtab_refinery_simulate__h_nargs=0
_shtab_refinery_simulate___help_nargs=0
_shtab_refinery_simulate___from_history_nargs=0
_shtab_refinery_simulate___chart_nargs=0
_shtab_refinery_simulate___json_nargs=0
_shtab_refinery_hook_pos_1_nargs='*'
_shtab_refinery_hook__h_nargs=0
_shtab_refinery_hook___help_nargs=0
_shtab_refinery_help__h_nargs=0
_shtab_refinery_help___help_nargs=0
_shtab_refinery_help___man_nargs=0
_shtab_refinery_pos_0_nargs=A...
_shtab_refinery__h_nargs=0
_shtab_refinery___help_nargs=0
_shtab_refinery__V_nargs=0
_shtab_refinery___version_nargs=0


# Custom Preamble
# Values that depend on the repository. They come from the refs that were last fetched: a TAB
# starts git and never the network, whatever kind of clone this is.
_refinery_git() { command git -c protocol.allow=never "$@" 2>/dev/null; }
_refinery_prefix() { _refinery_git config refinery.prefix || echo refs/refinery; }
_refinery_records() {
  _refinery_git grep -h -E '^(id|branch|worker|status): ' \
    $(_refinery_git for-each-ref --format='%(refname)' "$1/queue" "$1/inbox/") \
    -- ':(top)mrs' ':(top)mr.yaml'
}
_refinery_list_all() {
  _refinery_records "$(_refinery_prefix)" |
    command awk -F'"' '/^id/{id=$2} /^branch/{branch=$2} /^status/{print id "\t" branch}'
}
_refinery_list_open() {
  _refinery_records "$(_refinery_prefix)" | command awk -F'"' \
    '/^id/{id=$2} /^branch/{branch=$2} /^status/ && $2 == "open" {print id "\t" branch}'
}
_refinery_list_workers() {
  _refinery_records "$(_refinery_prefix)" | command sed -n 's/^worker: "\(.*\)"$/\1/p' |
    command sort -u
}
_refinery_list_branches() { _refinery_git for-each-ref --format='%(refname:lstrip=2)' refs/heads/; }
_refinery_list_targets() {
  _refinery_git for-each-ref --format='%(refname:lstrip=3)' refs/remotes/ |
    command grep -v -x HEAD | command sort -u
}
_refinery_list_epics() {
  _refinery_git for-each-ref --format='%(refname)' 'refs/heads/**' 'refs/remotes/**' |
    command sed -n 's:^refs/.*/integration/::p; s:^refs/heads/integration/::p' | command sort -u
}
_refinery_list_issues() {
  _refinery_git ls-tree -r --name-only --full-tree "$(_refinery_prefix)/issues" |
    command sed 's:.*/::; s:\.yaml$::'
}
_refinery_list_rigs() {
  command sed -n 's/^\([^#:[:space:]][^:]*\):.*/\1/p' \
    "${XDG_CONFIG_HOME:-$HOME/.config}/refinery/rigs.yaml" 2>/dev/null
}

_refinery_words() { compgen -W "$(command cut -f1)" -- "$1"; }
_refinery_all() { _refinery_list_all | _refinery_words "$1"; }
_refinery_open() { _refinery_list_open | _refinery_words "$1"; }
_refinery_workers() { _refinery_list_workers | _refinery_words "$1"; }
_refinery_branches() { _refinery_list_branches | _refinery_words "$1"; }
_refinery_targets() { _refinery_list_targets | _refinery_words "$1"; }
_refinery_epics() { _refinery_list_epics | _refinery_words "$1"; }
_refinery_issues() { _refinery_list_issues | _refinery_words "$1"; }
_refinery_rigs_or_dir() {
  _refinery_list_rigs | _refinery_words "$1"
  compgen -d -- "$1"
}

# End Custom Preamble

# $1=COMP_WORDS[1]
_shtab_compgen_files() {
  compgen -f -- $1  # files
}

# $1=COMP_WORDS[1]
_shtab_compgen_dirs() {
  compgen -d -- $1  # recurse into subdirs
}

# $1=COMP_WORDS[1]
_shtab_replace_nonword() {
  echo "${1//[^[:word:]]/_}"
}

# set default values (called for the initial parser & any subparsers)
_set_parser_defaults() {
  local subparsers_var="${prefix}_subparsers[@]"
  sub_parsers=${!subparsers_var-}

  local current_option_strings_var="${prefix}_option_strings[@]"
  current_option_strings=${!current_option_strings_var}

  completed_positional_actions=0

  _set_new_action "pos_$completed_positional_actions" true
}

# $1=action identifier
# $2=positional action (bool)
# set all identifiers for an action's parameters
_set_new_action() {
  current_action="${prefix}_$(_shtab_replace_nonword $1)"

  local current_action_compgen_var=${current_action}_COMPGEN
  current_action_compgen="${!current_action_compgen_var-}"

  local current_action_choices_var="${current_action}_choices[@]"
  current_action_choices="${!current_action_choices_var-}"

  local current_action_nargs_var="${current_action}_nargs"
  if [ -n "${!current_action_nargs_var-}" ]; then
    current_action_nargs="${!current_action_nargs_var}"
  else
    current_action_nargs=1
  fi

  current_action_args_start_index=$(( $word_index + 1 - $pos_only ))

  current_action_is_positional=$2
}

# Notes:
# `COMPREPLY`: what will be rendered after completion is triggered
# `completing_word`: currently typed word to generate completions for
# `${!var}`: evaluates the content of `var` and expand its content as a variable
#     hello="world"
#     x="hello"
#     ${!x} -> ${hello} -> "world"
_shtab_refinery() {
  local completing_word="${COMP_WORDS[COMP_CWORD]}"
  local previous_word="${COMP_WORDS[COMP_CWORD-1]}"
  local completed_positional_actions
  local current_action
  local current_action_args_start_index
  local current_action_choices
  local current_action_compgen
  local current_action_is_positional
  local current_action_nargs
  local current_option_strings
  local sub_parsers
  COMPREPLY=()

  local prefix=_shtab_refinery
  local word_index=0
  local pos_only=0 # "--" delimiter not encountered yet
  _set_parser_defaults
  word_index=1

  # determine what arguments are appropriate for the current state
  # of the arg parser
  while [ $word_index -ne $COMP_CWORD ]; do
    local this_word="${COMP_WORDS[$word_index]}"

    if [[ $pos_only = 1 || " $this_word " != " -- " ]]; then
      if [[ -n $sub_parsers && " ${sub_parsers[@]} " == *" $this_word "* ]]; then
        # valid subcommand: add it to the prefix & reset the current action
        prefix="${prefix}_$(_shtab_replace_nonword $this_word)"
        _set_parser_defaults
      fi

      if [[ " ${current_option_strings[@]} " == *" $this_word "* ]]; then
        # a new action should be acquired (due to recognised option string or
        # no more input expected from current action);
        # the next positional action can fill in here
        _set_new_action $this_word false
      fi

      if [[ "$current_action_nargs" != "*" ]] && \
         [[ "$current_action_nargs" != "+" ]] && \
         [[ "$current_action_nargs" != "?" ]] && \
         [[ "$current_action_nargs" != *"..." ]] && \
         (( $word_index + 1 - $current_action_args_start_index - $pos_only >= \
            $current_action_nargs )); then
        $current_action_is_positional && let "completed_positional_actions += 1"
        _set_new_action "pos_$completed_positional_actions" true
      fi
    else
      pos_only=1 # "--" delimiter encountered
    fi

    let "word_index+=1"
  done

  # Generate the completions

  COMPREPLY=()
  if [[ $pos_only = 0 && "$completing_word" == -* &&
        ( -z "$current_action_compgen" || "$current_action_is_positional" = true ) ]]; then
    # optional argument started: use option strings
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(
      compgen -W "${current_option_strings[*]}" -- "$completing_word")
  elif [[ "$previous_word" =~ ^[0-9\&]*[\<\>]\>?$ ]]; then
    # handle redirection operators
    compopt -o filenames 2>/dev/null || : # bash>=4
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$completing_word")
  else
    # use choices & compgen
    local action_compgen_word="$completing_word"
    # handle tab-completing in the middle of a line (#248 <- #116)
    [[ -n "$current_action_compgen" && "$completing_word" == -* ]] && action_compgen_word=""
    [ -n "$current_action_compgen" ] && {
      [[ "$current_action_compgen" =~ _(file|dir|glob|FILE|DIR|GLOB)|File|Dir|Glob ]] &&
        compopt -o filenames 2>/dev/null || : # bash>=4
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(
        "$current_action_compgen" "$action_compgen_word")
    }
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(
      compgen -W "${current_action_choices[*]}" -- "$completing_word")
  fi

  if [[ ${#COMPREPLY[@]} = 0 ]]; then
    # native fallback matches are not necessarily filenames (e.g. variables)
    compopt +o filenames 2>/dev/null || : # bash>=4
  fi

  return 0
}

complete -o bashdefault -F _shtab_refinery refinery

# To bash, `--option=value` is three words.
_refinery() {
  local -a words=()
  local at cword=$COMP_CWORD
  for ((at = 0; at <= COMP_CWORD; at++)); do
    if [[ ${COMP_WORDS[at]} != "=" ]]; then
      words+=("${COMP_WORDS[at]}")
    elif ((at == COMP_CWORD)); then
      words+=("")
    else
      ((cword -= 1))
    fi
  done
  local -a COMP_WORDS=("${words[@]}")
  local COMP_CWORD=$cword
  _shtab_refinery
}
complete -o bashdefault -F _refinery refinery git-refinery

# `git refinery`, by way of git's own completion
_git_refinery() {
  local -a COMP_WORDS=(refinery "${COMP_WORDS[@]:2}")
  local COMP_CWORD=$((COMP_CWORD - 1))
  _refinery
}
