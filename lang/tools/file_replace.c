/*
 * Files written whole. While a file stands beside another under a name that nobody knows, signals
 * that would end the program wait.
 */
#define _XOPEN_SOURCE 700 /* realpath belongs to the X/Open part of POSIX.1-2008 */
#include "file_replace.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* False, with errno, unless all of it was taken. Closes the descriptor. */
static bool write_whole(int descriptor, bylaw_text text, bool is_kept)
{
    size_t done = 0;
    while (done < text.size) {
        const ssize_t written = write(descriptor, text.bytes + done, text.size - done);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) break;
        done += (size_t)written;
    }
    const bool is_whole = done == text.size && (!is_kept || fsync(descriptor) == 0);
    const int error = errno;
    const bool is_closed = close(descriptor) == 0;
    if (!is_whole) errno = error;
    return is_whole && is_closed;
}

static bool is_unchanged(const char *path, const struct stat *before)
{
    struct stat now;
    return stat(path, &now) == 0 && now.st_ino == before->st_ino &&
           now.st_size == before->st_size && now.st_mtim.tv_sec == before->st_mtim.tv_sec &&
           now.st_mtim.tv_nsec == before->st_mtim.tv_nsec;
}

/* The new file, with owner and mode of the old one; the owner stays ours where it must. */
static bool write_beside(char *beside, const struct stat *old, bylaw_text text)
{
    const int descriptor = mkstemp(beside);
    if (descriptor < 0) {
        beside[0] = '\0';
        return false;
    }
    mode_t mode = old->st_mode & 07777;
    if (fchown(descriptor, old->st_uid, old->st_gid) != 0) mode &= 0777;
    if (fchmod(descriptor, mode) == 0) return write_whole(descriptor, text, true);
    const int error = errno;
    close(descriptor);
    errno = error;
    return false;
}

/* `path` has no links in it. */
static const char *replace(const char *path, bylaw_text text, const struct stat *old,
                           bool is_watched)
{
    static const char ending[] = ".XXXXXX";
    const size_t size = strlen(path) + sizeof ending;
    char *beside = malloc(size);
    if (!beside) return strerror(ENOMEM);
    snprintf(beside, size, "%s%s", path, ending);
    const char *complaint = NULL;
    if (!write_beside(beside, old, text))
        complaint = strerror(errno);
    else if (is_watched && !is_unchanged(path, old))
        complaint = "somebody changed it meanwhile";
    else if (rename(beside, path) != 0)
        complaint = strerror(errno);
    if (complaint && beside[0] != '\0') unlink(beside);
    free(beside);
    return complaint;
}

/* Who wants to end us waits until no half-written file stands there. */
static const char *replace_undisturbed(const char *path, bylaw_text text, const struct stat *old,
                                       bool is_watched)
{
    char *real = realpath(path, NULL);
    if (!real || access(real, W_OK) != 0) {
        const int error = errno;
        free(real);
        return strerror(error);
    }
    sigset_t ends, before;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGHUP);
    sigprocmask(SIG_BLOCK, &ends, &before);
    const char *complaint = replace(real, text, old, is_watched);
    sigprocmask(SIG_SETMASK, &before, NULL);
    free(real);
    return complaint;
}

/* A file that was not there, or what is no file. */
static const char *write_new(const char *path, bylaw_text text, bool is_new)
{
    const int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666);
    if (descriptor < 0) return strerror(errno);
    if (write_whole(descriptor, text, is_new)) return NULL;
    const int error = errno;
    if (is_new) unlink(path);
    return strerror(error);
}

const char *file_replace(const char *path, bylaw_text text, const struct stat *old)
{
    struct stat now;
    if (!old && stat(path, &now) != 0)
        return errno == ENOENT ? write_new(path, text, true) : strerror(errno);
    const struct stat *is = old ? old : &now;
    return S_ISREG(is->st_mode) ? replace_undisturbed(path, text, is, old != NULL)
                                : write_new(path, text, false);
}
