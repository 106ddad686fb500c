// Preloaded into a server under test: keeps a second copy of its files that holds what a disk would hold after the power
// went. What the process writes below POWER_DIR is remembered here, as the system's cache would remember it, and gets into
// the file of the same name below POWER_DISK when, and only when, the process has synced that file. The memory goes
// with the process. (The name of a file is kept with its first sync, as the usual file systems do it; second names, and that a name is gone,
// with the next sync of the folder. SQLite's -shm files are memory to it and are never synced.)
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/** A write, or with no bytes a new end of the file. */
struct change {
  char name[256];
  int64_t at;
  size_t length;
  char *bytes;
  struct change *next;
};

static struct change *first, **last = &first;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/** Answers the name of a file that is watched. */
static int watched(int fd, char *name) {
  const char *dir = getenv("POWER_DIR");
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (dir == NULL || length <= 0) return 0;
  path[length] = 0;
  size_t prefix = strlen(dir);
  if (strncmp(path, dir, prefix) != 0 || path[prefix] != '/' || strchr(path + prefix + 1, '/')) return 0;
  if (strstr(path, " (deleted)") || strlen(path + prefix + 1) > 255) return 0;
  strcpy(name, path + prefix + 1);
  return 1;
}

static void remember(const char *name, const void *bytes, size_t length, int64_t at) {
  struct change *change = calloc(1, sizeof *change);
  strcpy(change->name, name);
  change->at = at;
  change->length = length;
  if (length > 0) {
    change->bytes = malloc(length);
    memcpy(change->bytes, bytes, length);
  }
  *last = change;
  last = &change->next;
}

static ssize_t written(int fd, const void *bytes, size_t length, int64_t at, ssize_t (*write_it)(int, const void *, size_t, int64_t)) {
  char name[256];
  if (!watched(fd, name)) return write_it(fd, bytes, length, at);
  struct stat before;
  pthread_mutex_lock(&lock);
  fstat(fd, &before);
  ssize_t result = write_it(fd, bytes, length, at);
  if (result > 0) {
    // A new file of an old name.
    if (before.st_size == 0) remember(name, NULL, 0, 0);
    remember(name, bytes, result, at);
  }
  pthread_mutex_unlock(&lock);
  return result;
}

static void must(int holds) {
  if (!holds) {
    perror("power.c");
    _exit(99);
  }
}

/** A second name of a file, or with no file behind it a name that is gone. */
struct naming {
  char from[256], name[256];
};

static struct naming namings[64];
static int named;

/** Lets go of what was written to a file and not synced. */
static void forget(const char *name) {
  for (struct change **here = &first; *here;) {
    struct change *change = *here;
    if (strcmp(change->name, name) != 0) {
      here = &change->next;
      continue;
    }
    *here = change->next;
    free(change->bytes);
    free(change);
  }
  for (last = &first; *last;) last = &(*last)->next;
}

/** Remembers what happened to a name, if it is one of the folder's own. */
static void name_later(const char *from, const char *path) {
  const char *dir = getenv("POWER_DIR");
  size_t prefix = dir ? strlen(dir) : 0;
  if (dir == NULL || strncmp(path, dir, prefix) != 0 || path[prefix] != '/' || strchr(path + prefix + 1, '/')) return;
  pthread_mutex_lock(&lock);
  must(named < 64);
  snprintf(namings[named].from, 256, "%s", from ? strrchr(from, '/') + 1 : "");
  snprintf(namings[named++].name, 256, "%s", path + prefix + 1);
  if (from == NULL) forget(path + prefix + 1);
  pthread_mutex_unlock(&lock);
}

/** All that happened to names, or to this one only. */
static void names_reach_the_disk(const char *only) {
  char from[8192], to[8192];
  int left = 0;
  for (int i = 0; i < named; i++) {
    if (only != NULL && strcmp(namings[i].name, only) != 0) {
      namings[left++] = namings[i];
      continue;
    }
    snprintf(from, sizeof from, "%s/%s", getenv("POWER_DISK"), namings[i].from);
    snprintf(to, sizeof to, "%s/%s", getenv("POWER_DISK"), namings[i].name);
    if (namings[i].from[0] == 0) {
      REAL(unlink)(to);
    } else if (REAL(link)(from, to) != 0) {
      // Of a file that was never synced there is the name, and nothing in it.
      int empty = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
      must(empty >= 0);
      close(empty);
    }
  }
  named = left;
}

static void reach_the_disk(const char *name) {
  char path[4096];
  // A file that was made anew under an old name takes the place of that one.
  names_reach_the_disk(name);
  snprintf(path, sizeof path, "%s/%s", getenv("POWER_DISK"), name);
  int disk = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  must(disk >= 0);
  for (struct change **here = &first; *here;) {
    struct change *change = *here;
    if (strcmp(change->name, name) != 0) {
      here = &change->next;
      continue;
    }
    must(change->length == 0 ? REAL(ftruncate64)(disk, change->at) == 0
                             : REAL(pwrite64)(disk, change->bytes, change->length, change->at) == (ssize_t)change->length);
    if ((*here = change->next) == NULL) last = here;
    free(change->bytes);
    free(change);
  }
  close(disk);
}

static int is_folder(int fd) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  const char *dir = getenv("POWER_DIR");
  return dir != NULL && length == (ssize_t)strlen(dir) && strncmp(path, dir, length) == 0;
}

int link(const char *from, const char *to) {
  int result = REAL(link)(from, to);
  if (result == 0) name_later(from, to);
  return result;
}

int unlink(const char *path) {
  int result = REAL(unlink)(path);
  if (result == 0) name_later(NULL, path);
  return result;
}

static int synced(int fd, int (*sync_it)(int)) {
  char name[256];
  if (is_folder(fd)) {
    pthread_mutex_lock(&lock);
    int result = sync_it(fd);
    if (result == 0) names_reach_the_disk(NULL);
    pthread_mutex_unlock(&lock);
    return result;
  }
  if (!watched(fd, name)) return sync_it(fd);
  pthread_mutex_lock(&lock);
  int result = sync_it(fd);
  if (result == 0) reach_the_disk(name);
  pthread_mutex_unlock(&lock);
  return result;
}

static int cut_off(int fd, int64_t end) {
  char name[256];
  if (!watched(fd, name)) return REAL(ftruncate64)(fd, end);
  pthread_mutex_lock(&lock);
  int result = REAL(ftruncate64)(fd, end);
  if (result == 0) remember(name, NULL, 0, end);
  pthread_mutex_unlock(&lock);
  return result;
}

static ssize_t plain_write(int fd, const void *bytes, size_t length, int64_t at) {
  (void)at;
  return REAL(write)(fd, bytes, length);
}

static ssize_t placed_write(int fd, const void *bytes, size_t length, int64_t at) {
  return REAL(pwrite64)(fd, bytes, length, at);
}

ssize_t write(int fd, const void *bytes, size_t length) {
  return written(fd, bytes, length, lseek(fd, 0, SEEK_CUR), plain_write);
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
  return written(fd, bytes, length, at, placed_write);
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
  return written(fd, bytes, length, at, placed_write);
}
int ftruncate64(int fd, off64_t end) { return cut_off(fd, end); }
int ftruncate(int fd, off_t end) { return cut_off(fd, end); }
int fsync(int fd) { return synced(fd, REAL(fsync)); }
int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }
