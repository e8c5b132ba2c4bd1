# Values that depend on the repository. They come from the refs that were last fetched: a TAB
# starts git and never the network, whatever kind of clone this is.
function __refinery_git
    command git -c protocol.allow=never $argv 2>/dev/null
end
function __refinery_prefix
    __refinery_git config refinery.prefix; or echo refs/refinery
end
function __refinery_records
    set -l prefix (__refinery_prefix)
    set -l refs (__refinery_git for-each-ref --format='%(refname)' $prefix/queue $prefix/inbox/)
    test -n "$refs"; or return
    __refinery_git grep -h -E '^(id|branch|worker|status): ' $refs -- ':(top)mrs' ':(top)mr.yaml'
end
function __refinery_all
    __refinery_records | command awk -F'"' \
        '/^id/{id=$2} /^branch/{branch=$2} /^status/{print id "\t" branch}'
end
function __refinery_open
    __refinery_records | command awk -F'"' \
        '/^id/{id=$2} /^branch/{branch=$2} /^status/ && $2 == "open" {print id "\t" branch}'
end
function __refinery_workers
    __refinery_records | string replace -rf '^worker: "(.*)"$' '$1' | sort -u
end
function __refinery_branches
    __refinery_git for-each-ref --format='%(refname:lstrip=2)' refs/heads/
end
function __refinery_targets
    __refinery_git for-each-ref --format='%(refname:lstrip=3)' refs/remotes/ | string match -v HEAD | sort -u
end
function __refinery_epics
    __refinery_git for-each-ref --format='%(refname)' 'refs/heads/**' 'refs/remotes/**' |
        string replace -rf '^refs/(?:heads|remotes/[^/]+)/integration/' '' | sort -u
end
function __refinery_issues
    __refinery_git ls-tree -r --name-only --full-tree (__refinery_prefix)/issues |
        string replace -r '^.*/(.*)\.yaml$' '$1'
end
function __refinery_rigs_or_dir
    set -l base $XDG_CONFIG_HOME
    test -n "$base"; or set base $HOME/.config
    test -r $base/refinery/rigs.yaml
    and string replace -rf '^([^#:\s][^:]*):.*' '$1' <$base/refinery/rigs.yaml
    __fish_complete_directories
end
