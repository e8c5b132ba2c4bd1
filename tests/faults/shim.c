/* Stands between a program and its disk: counts what it does there, and lets something go wrong.
 *
 * Loaded with LD_PRELOAD into git and all that git starts. FAULT_LOG is a file that each counted
 * call adds a line to; the line's place is the call's number, whichever process made it.
 *
 *   FAULT_CALLS   which calls count: any of m (rename, link, unlink), w (write, create), a (all
 *                 that ask for a file by its name)
 *   FAULT_IN      only calls on paths that hold this text
 *   FAULT_KIND    before: killed instead of the call; after: killed after it; full: from that call
 *                 on there is no space left; slow: each call takes FAULT_PAUSE microseconds longer
 *   FAULT_AT      the number of the call; 0: none, only count
 *   FAULT_ALSO    "parent": where it is a git, its parent is killed with it
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE 128
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define NEW (O_CREAT | O_WRONLY | O_RDWR)

static const char *setting(const char *name) {
    const char *value = getenv(name);
    return value ? value : "";
}

static int is(const char *name, const char *value) { return !strcmp(setting(name), value); }

/* The number of this call: where its line came to stand in the log. */
static long counted(const char *call, const char *path) {
    char line[LINE + 1];
    size_t length = strlen(path), shown = length > 60 ? 60 : length;
    snprintf(line, sizeof line, "%-15.15s %-8.8s %-102.102s\n", program_invocation_short_name, call,
             path + length - shown);
    int log = REAL(open)(setting("FAULT_LOG"), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (log < 0)
        return 0;
    REAL(write)(log, line, LINE);
    long end = lseek(log, 0, SEEK_CUR);
    close(log);
    return end / LINE;
}

static void die(void) {
    if (is("FAULT_ALSO", "parent") && !strncmp(program_invocation_short_name, "git", 3))
        kill(getppid(), SIGKILL);
    kill(getpid(), SIGKILL);
    pause();
}

enum { NOTHING, DIE_AFTER, NO_SPACE };

static int meet(char kind, const char *call, const char *path) {
    int kept = errno, found = NOTHING;
    if (!strchr(setting("FAULT_CALLS"), kind) || !*setting("FAULT_LOG") ||
        !strstr(path, setting("FAULT_IN")))
        return NOTHING;
    if (is("FAULT_KIND", "slow")) {
        usleep(atoi(setting("FAULT_PAUSE")));
        errno = kept;
        return NOTHING;
    }
    long number = counted(call, path), at = atol(setting("FAULT_AT"));
    if (at && number == at && is("FAULT_KIND", "before"))
        die();
    if (at && number == at && is("FAULT_KIND", "after"))
        found = DIE_AFTER;
    if (at && number >= at && is("FAULT_KIND", "full"))
        found = NO_SPACE;
    errno = kept;
    return found;
}

#define AROUND(kind, call, path, action)                                                           \
    int met = meet(kind, call, path);                                                              \
    if (met == NO_SPACE) {                                                                         \
        errno = ENOSPC;                                                                            \
        return -1;                                                                                 \
    }                                                                                              \
    __auto_type result = action;                                                                   \
    if (met == DIE_AFTER)                                                                          \
        die();                                                                                     \
    return result;

int rename(const char *old, const char *new) {
    meet('a', "rename", new);
    AROUND('m', "rename", new, REAL(rename)(old, new))
}

int renameat(int from, const char *old, int to, const char *new) {
    AROUND('m', "rename", new, REAL(renameat)(from, old, to, new))
}

int link(const char *old, const char *new) {
    AROUND('m', "link", new, REAL(link)(old, new))
}

int unlink(const char *path) {
    meet('a', "unlink", path);
    AROUND('m', "unlink", path, REAL(unlink)(path))
}

static int opened(const char *call, const char *path, int flags, mode_t mode,
                  int (*real)(const char *, int, ...)) {
    meet('a', call, path);
    if (!(flags & O_CREAT))
        return real(path, flags, mode);
    AROUND('w', call, path, real(path, flags, mode))
}

int open(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return opened("create", path, flags, mode, REAL(open));
}

int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return opened("create", path, flags, mode, REAL(open64));
}

int stat64(const char *path, struct stat64 *buffer) {
    meet('a', "stat", path);
    return REAL(stat64)(path, buffer);
}

int lstat64(const char *path, struct stat64 *buffer) {
    meet('a', "lstat", path);
    return REAL(lstat64)(path, buffer);
}

ssize_t write(int descriptor, const void *data, size_t size) {
    struct stat about;
    char link[64], path[PATH_MAX];
    if (descriptor <= 2 || !strchr(setting("FAULT_CALLS"), 'w') || fstat(descriptor, &about) ||
        !S_ISREG(about.st_mode))
        return REAL(write)(descriptor, data, size);
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    path[length < 0 ? 0 : length] = 0;
    AROUND('w', "write", path, REAL(write)(descriptor, data, size))
}
