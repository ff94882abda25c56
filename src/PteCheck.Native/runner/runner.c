/* SPDX-License-Identifier: MIT */
/*
 * The process that subjects run in. It maps the memory that it shares with the checker, forks
 * a worker, and watches it. The worker takes a byte, runs the cases of the hand-over one after
 * the other, and gives a byte back. Whatever a subject does to its worker, the next case runs
 * in a new one.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include <ptecheck/ptecheck.h>

#if defined(__x86_64__)
#define HOST_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define HOST_ARCH AUDIT_ARCH_AARCH64
#else
#error "ptecheck: subjects run on x86-64 and aarch64 hosts"
#endif

#define TABLES_AT	((char *)PTECHECK_AREA_TABLES_AT - (1 << PTECHECK_AREA_TABLE_SHIFT))
#define TABLES_SIZE	((size_t)(PTECHECK_AREA_ALIASES + 1) << PTECHECK_AREA_ALIAS_SHIFT)
#define PAGES_AT	((char *)0x210000000000)
#define CANARY		0xc5c5c5c5c5c5c5c5ULL
#define TICK_NS		20000000L
#define WALL_FACTOR	10
#define SAVED_SIZE	(1 << 20)
#define STACK_NEAR	65536u

enum { EXIT_NO_MORE = 90, EXIT_REPORTED = 91 };

/* Seen by supervisor and worker alike. */
struct common {
	struct ptecheck_run run;
	uint64_t serial;		/* odd while a case runs, another one each time */
	char saved[SAVED_SIZE];		/* the subject's variables as they were at the start */
};

static struct common *common;
static char *area;
static struct ptecheck_control *control;
static struct ptecheck_case *cases;
static const struct ptecheck_subject *subject;
static int command_fd, reply_fd;
static char *variables;
static size_t variables_size;
static jmp_buf out;

static struct mm_struct mm_structs[PTECHECK_MAX_MMS];
static struct vm_area_struct vma_structs[PTECHECK_VMA_ROOM];
static struct anon_vma anon_vmas[PTECHECK_VMA_ROOM];
static struct address_space mappings[PTECHECK_VMA_ROOM];
static struct file files[PTECHECK_VMA_ROOM];
static struct pmd_struct pmds[PTECHECK_MAX_TABLES];
static struct pmd_struct pmd_slots[PTECHECK_MAX_PMDS];
static struct spinlock ptls[PTECHECK_MAX_TABLES + PTECHECK_MAX_MMS];

#ifdef PTECHECK_LINKED
extern const struct ptecheck_subject ptecheck_subject;
#endif

/* ---- Ends of a case ---- */

static _Noreturn void leave(int code)
{
	syscall(SYS_exit_group, code);
	__builtin_unreachable();
}

static void note(uint32_t status, int code, uint64_t address)
{
	struct ptecheck_case *at = &cases[control->done];

	at->status = status;
	at->code = code;
	at->address = address;
	at->record_count = common->run.log_count;
}

static bool is_stack(const void *address, const ucontext_t *context)
{
#if defined(__x86_64__)
	uintptr_t pointer = (uintptr_t)context->uc_mcontext.gregs[REG_RSP];
#else
	uintptr_t pointer = (uintptr_t)context->uc_mcontext.sp;
#endif
	return (uintptr_t)address - pointer + STACK_NEAR < 2 * STACK_NEAR;
}

static void on_signal(int number, siginfo_t *info, void *context)
{
	if (!control->active)
		leave(EXIT_REPORTED);
	if (number == SIGSYS)
		note(PTECHECK_STATUS_SYSTEM_CALL, info->si_syscall, 0);
	else if (number == SIGSEGV && is_stack(info->si_addr, context))
		note(PTECHECK_STATUS_STACK_OVERFLOW, 0, 0);
	else
		note(PTECHECK_STATUS_SIGNAL, number, (uint64_t)(uintptr_t)info->si_addr);
	leave(EXIT_REPORTED);
}

static void stop(uint32_t status)
{
	note(status, 0, 0);
	longjmp(out, 1);
}

#ifdef __SANITIZE_ADDRESS__
void *__asan_get_report_address(void);
const char *__asan_get_report_description(void);
void __asan_on_error(void);
const char *__asan_default_options(void);

__attribute__((visibility("default"))) void __asan_on_error(void)
{
	strncpy(area + PTECHECK_AREA_MESSAGE, __asan_get_report_description(),
		PTECHECK_AREA_MESSAGE_SIZE - 1);
	note(PTECHECK_STATUS_SANITIZER, 0, (uint64_t)(uintptr_t)__asan_get_report_address());
	leave(EXIT_REPORTED);
}

__attribute__((visibility("default"))) const char *__asan_default_options(void)
{
	return "handle_segv=0:handle_sigbus=0:handle_sigill=0:handle_sigfpe=0:handle_abort=0:"
	       "detect_leaks=0:detect_stack_use_after_return=0:use_sigaltstack=0:"
	       "allocator_may_return_null=1";
}
#endif

/* ---- What the subject may do ---- */

#define ALLOW	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define TRAP	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP)
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define CALL(number) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##number, 0, 1), ALLOW
/* Allowed with this first argument alone. */
#define CALL_WITH(number, value) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##number, 0, 4), \
	LOAD(args[0]), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, 1), ALLOW, TRAP

/* ASan begins its report on standard error, which is /dev/null, before it says that there is one. */
#ifdef __SANITIZE_ADDRESS__
#define WRITE_TO_NULL 2u
#else
#define WRITE_TO_NULL ((uint32_t)reply_fd)
#endif

/* Nothing but to read commands, write replies and end. ASan needs memory besides. */
static void filter(void)
{
	struct sock_filter code[] = {
		LOAD(arch),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, HOST_ARCH, 1, 0),
		TRAP,
		LOAD(nr),
		CALL_WITH(read, (uint32_t)command_fd),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_write, 0, 5),
		LOAD(args[0]),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)reply_fd, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, WRITE_TO_NULL, 0, 1),
		ALLOW,
		TRAP,
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 0, 5),
		LOAD(args[0]),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, EXIT_NO_MORE, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, EXIT_REPORTED, 0, 1),
		ALLOW,
		TRAP,
		CALL(rt_sigreturn),
#ifdef __SANITIZE_ADDRESS__
		CALL(mmap), CALL(munmap), CALL(madvise), CALL(mprotect), CALL(futex),
		CALL(sched_yield), CALL(gettid), CALL(getpid), CALL(clock_gettime),
		CALL(sigaltstack), CALL(rt_sigprocmask), CALL(getrlimit), CALL(prlimit64),
#endif
		TRAP,
	};
	struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	control->filtered = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
			    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static void handlers(void)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS };
	stack_t alternate = { .ss_size = 65536 };
	struct sigaction action = { .sa_flags = SA_SIGINFO | SA_ONSTACK };

	alternate.ss_sp = mmap(NULL, alternate.ss_size, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	sigaltstack(&alternate, NULL);
	action.sa_sigaction = on_signal;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &action, NULL);
}

/* ---- One case ---- */

/* Between a subject's variables there may be what AddressSanitizer has poisoned. */
#ifdef __SANITIZE_ADDRESS__
__attribute__((no_sanitize("address")))
#endif
static void copy_variables(char *to, const char *from)
{
#ifdef __SANITIZE_ADDRESS__
	for (size_t i = 0; i < variables_size / sizeof(long); i++)
		((volatile long *)to)[i] = ((const volatile long *)from)[i];
#else
	memcpy(to, from, variables_size);
#endif
}

static uint16_t file_index(const char *name)
{
	char *names = area + PTECHECK_AREA_FILE_NAMES;
	uint32_t i;

	for (i = 0; i < control->file_count; i++)
		if (strcmp(names + i * PTECHECK_AREA_FILE_NAME, name) == 0)
			return (uint16_t)i;
	if (i == PTECHECK_AREA_FILES)
		return 0;
	strncpy(names + i * PTECHECK_AREA_FILE_NAME, name, PTECHECK_AREA_FILE_NAME - 1);
	control->file_count = i + 1;
	return (uint16_t)i;
}

static vm_flags_t vm_flags_of(uint32_t flags)
{
	static const struct { uint32_t model; vm_flags_t kernel; } pairs[] = {
		{ PTECHECK_VMA_FLAGS_READ, VM_READ },
		{ PTECHECK_VMA_FLAGS_WRITE, VM_WRITE },
		{ PTECHECK_VMA_FLAGS_EXEC, VM_EXEC },
		{ PTECHECK_VMA_FLAGS_SHARED, VM_SHARED },
		{ PTECHECK_VMA_FLAGS_LOCKED, VM_LOCKED },
		{ PTECHECK_VMA_FLAGS_SHADOW_STACK, VM_SHADOW_STACK },
		{ PTECHECK_VMA_FLAGS_DROPPABLE, VM_DROPPABLE },
		{ PTECHECK_VMA_FLAGS_UFFD_MISSING, VM_UFFD_MISSING },
		{ PTECHECK_VMA_FLAGS_UFFD_WP, VM_UFFD_WP },
		{ PTECHECK_VMA_FLAGS_UFFD_MINOR, VM_UFFD_MINOR },
	};
	vm_flags_t result = flags & PTECHECK_VMA_FLAGS_SOFT_DIRTY_TRACKED ? 0 : VM_SOFTDIRTY;

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (flags & pairs[i].model)
			result |= pairs[i].kernel;
	return result;
}

/* vm_get_page_prot(): what a fault would give a page, without write where that needs a look. */
static pgprot_t page_prot_of(uint32_t flags)
{
	bool exec = flags & PTECHECK_VMA_FLAGS_EXEC;
	bool write = (flags & PTECHECK_VMA_FLAGS_WRITE) && (flags & PTECHECK_VMA_FLAGS_SHARED);
	bool access = flags & (PTECHECK_VMA_FLAGS_READ | PTECHECK_VMA_FLAGS_WRITE | PTECHECK_VMA_FLAGS_EXEC);

	if (common->run.image->arch == 0)
		return __pgprot(access ? PTECHECK_X86(PRESENT) | PTECHECK_X86(USER) |
					 PTECHECK_X86(ACCESSED) | (exec ? 0 : PTECHECK_X86(NX)) |
					 (write ? PTECHECK_X86(RW) : 0) :
					 PTECHECK_X86(ACCESSED) | PTECHECK_X86(PROTNONE));
	return __pgprot((access ? PTECHECK_ARM(VALID) | PTECHECK_ARM(USER) : PTECHECK_ARM(UXN)) |
			(1ULL << 1) | (3ULL << 8) | PTECHECK_ARM(AF) | PTECHECK_ARM(NG) |
			PTECHECK_ARM(RDONLY) | PTECHECK_ARM(PXN) |
			(access && !exec ? PTECHECK_ARM(UXN) : 0) |
			(access && write ? PTECHECK_ARM(WRITE) : 0));
}

static void build_vmas(struct ptecheck_run *run)
{
	for (uint32_t i = 0; i < run->image->vma_count; i++) {
		const struct ptecheck_vma *from = &run->vmas[i];
		struct vm_area_struct *to = &vma_structs[i];

		to->vm_start = (unsigned long)from->start << PAGE_SHIFT;
		to->vm_end = to->vm_start + ((unsigned long)from->pages << PAGE_SHIFT);
		to->vm_mm = &mm_structs[from->mm];
		to->vm_flags = vm_flags_of(from->flags);
		to->vm_page_prot = page_prot_of(from->flags);
		to->anon_vma = &anon_vmas[i];
		to->vm_file = from->flags & PTECHECK_VMA_FLAGS_FILE_BACKED ? &files[i] : NULL;
		to->index = i;
		anon_vmas[i].vma = i;
		mappings[i].vma = i;
		files[i].f_mapping = &mappings[i];
	}
	for (uint32_t i = 0; i < run->image->mm_count; i++)
		mm_structs[i].index = i;
	for (uint32_t i = 0; i < run->image->table_count; i++) {
		pmds[i].pmd = i + 1;
		ptls[i].table = i;
	}
}

static void open_case(struct ptecheck_run *run, const struct ptecheck_case *at)
{
	char *image = area + PTECHECK_AREA_DATA + at->image;

	run->image = (struct ptecheck_image *)image;
	run->mms = (struct ptecheck_mm *)(image + run->image->mms);
	run->vmas = (struct ptecheck_vma *)(image + run->image->vmas);
	run->tables = (struct ptecheck_table *)(image + run->image->tables);
	run->pmds = (struct ptecheck_pmd *)(image + run->image->pmds);
	run->folios = (struct ptecheck_folio *)(image + run->image->folios);
	run->frame_folios = (int16_t *)(image + run->image->frame_folios);
	run->page_mapcounts = (int32_t *)(image + run->image->page_mapcounts);
	run->page_flags = (uint8_t *)(image + run->image->page_flags);
	run->plan = (const struct ptecheck_invocation *)(area + PTECHECK_AREA_DATA + at->plan);
	run->plan_count = at->plan_count;
	run->plan_known = at->plan_known;
	run->log = (struct ptecheck_record *)(area + PTECHECK_AREA_LOG) + at->first_record;
	run->log_count = 0;
	run->log_limit = control->fuel;
	run->events = 0;
	run->patch = (const struct ptecheck_patch *)(area + PTECHECK_AREA_DATA + at->patches);
	run->patch_end = run->patch + at->patch_count;
	run->next_patch_at = at->patch_count > 0 ? run->patch->at : UINT32_MAX;
}

static uint64_t *table_words(struct ptecheck_run *run, uint32_t table)
{
	return (uint64_t *)(run->ptes + ((size_t)table << PTECHECK_AREA_TABLE_SHIFT) +
			    PTECHECK_AREA_TABLE_PAGE) - run->image->slots;
}

/* Entries into the guarded tables, with a canary before them; and back. */
static void fill_tables(struct ptecheck_run *run)
{
	uint32_t slots = run->image->slots;
	const char *words = (const char *)run->image + run->image->ptes;

	for (uint32_t i = 0; i < run->image->table_count; i++) {
		uint64_t *first = table_words(run, i);

		for (uint32_t j = 1; j <= 512 - slots; j++)
			first[-(int)j] = CANARY;
		memcpy(first, words + i * slots * 8u, slots * 8u);
	}
}

static bool read_tables(struct ptecheck_run *run)
{
	uint32_t slots = run->image->slots;
	char *words = (char *)run->image + run->image->ptes;
	uint64_t wrong = 0;

	for (uint32_t i = 0; i < run->image->table_count; i++) {
		uint64_t *first = table_words(run, i);

		for (uint32_t j = 1; j <= 512 - slots; j++)
			wrong |= first[-(int)j] ^ CANARY;
		memcpy(words + i * slots * 8u, first, slots * 8u);
	}
	return wrong == 0;
}

static void run_case(void)
{
	struct ptecheck_run *run = &common->run;
	struct ptecheck_case *at = &cases[control->done];

	at->first_record = control->log_used;
	open_case(run, at);
	copy_variables(variables, common->saved);
	build_vmas(run);
	fill_tables(run);
	__atomic_add_fetch(&common->serial, 1, __ATOMIC_SEQ_CST);
	if (setjmp(out) == 0) {
		subject->run(run);
		note(PTECHECK_STATUS_RETURNED, 0, 0);
	}
	if (!read_tables(run) && at->status == PTECHECK_STATUS_RETURNED)
		at->status = PTECHECK_STATUS_WILD_POINTER;
	control->log_used += at->record_count;
	__atomic_add_fetch(&common->serial, 1, __ATOMIC_SEQ_CST);
	__atomic_store_n(&control->done, control->done + 1, __ATOMIC_SEQ_CST);
}

static bool has_room(void)
{
	return PTECHECK_AREA_RECORDS - control->log_used >= control->fuel;
}

static _Noreturn void work(void)
{
	char byte = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	handlers();
	filter();
	for (;;) {
		if (!control->active) {
			if (read(command_fd, &byte, 1) != 1)
				leave(EXIT_NO_MORE);
			control->active = 1;
		}
		while (control->done < control->count && has_room())
			run_case();
		control->active = 0;
		if (write(reply_fd, &byte, 1) != 1)
			leave(EXIT_NO_MORE);
	}
}

/* ---- Watching ---- */

/* 0 for the clock of a process that has ended. */
static uint64_t nanoseconds(clockid_t clock)
{
	struct timespec now = { 0 };

	if (clock_gettime(clock, &now) != 0)
		return 0;
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static bool is_past(clockid_t clock, uint64_t since, uint64_t limit)
{
	uint64_t now = nanoseconds(clock);

	return now > since && now - since > limit;
}

/* Waits for the worker's end; kills it when one case takes too much time. */
static int wait_for(pid_t worker, bool *late)
{
	struct timespec tick = { 0, TICK_NS };
	sigset_t child;
	clockid_t clock;
	uint64_t serial = 0, now_serial, cpu = 0, wall = 0, limit;
	pid_t parent = getppid();
	int status;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	*late = false;
	if (clock_getcpuclockid(worker, &clock) != 0)
		clock = CLOCK_MONOTONIC;
	for (;;) {
		if (waitpid(worker, &status, WNOHANG) == worker)
			return status;
		sigtimedwait(&child, NULL, &tick);
		if (getppid() != parent) {
			kill(worker, SIGKILL);
			exit(0);
		}
		limit = (uint64_t)control->time_limit * 1000000u;
		now_serial = __atomic_load_n(&common->serial, __ATOMIC_SEQ_CST);
		if ((now_serial & 1) == 0 || now_serial != serial) {
			serial = now_serial;
			cpu = nanoseconds(clock);
			wall = nanoseconds(CLOCK_MONOTONIC);
		} else if (is_past(clock, cpu, limit) ||
			   is_past(CLOCK_MONOTONIC, wall, limit * WALL_FACTOR)) {
			kill(worker, SIGKILL);
			waitpid(worker, &status, 0);
			*late = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
			return status;
		}
	}
}

static void supervise(void)
{
	sigset_t child;
	bool late;
	int status;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	for (;;) {
		pid_t worker;

		common->serial &= ~1ull;
		worker = fork();
		if (worker == 0)
			work();
		if (worker < 0)
			exit(2);
		status = wait_for(worker, &late);
		if (!control->active)
			exit(0);
		if (late) {
			note(PTECHECK_STATUS_TIMED_OUT, 0, 0);
			/* Whoever does not end once may do so always: the others are not tried. */
			control->done = control->count;
			control->active = 0;
			if (write(reply_fd, "", 1) != 1)
				exit(0);
			continue;
		}
		if (cases[control->done].status == PTECHECK_STATUS_NOT_RUN)
			note(WIFEXITED(status) ? PTECHECK_STATUS_ENDED : PTECHECK_STATUS_SIGNAL,
			     WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status), 0);
		control->log_used += cases[control->done].record_count;
		control->done++;
	}
}

/* ---- Beginning ---- */

static _Noreturn void refuse(const char *message)
{
	snprintf(area + PTECHECK_AREA_MESSAGE, PTECHECK_AREA_MESSAGE_SIZE, "%s", message);
	control->ready = 2;
	exit(write(reply_fd, "", 1) == 1 ? 1 : 2);
}

/* The variables of the object that the subject is in: each case begins with them as loaded. */
static int find_variables(struct dl_phdr_info *info, size_t size, void *data)
{
	uintptr_t entry = (uintptr_t)subject->run, first = 0, end = 0;
	bool here = false;

	(void)size;
	(void)data;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *at = &info->dlpi_phdr[i];
		uintptr_t start = info->dlpi_addr + at->p_vaddr;

		if (at->p_type == PT_LOAD && entry >= start && entry < start + at->p_memsz)
			here = true;
		if (at->p_type == PT_LOAD && (at->p_flags & PF_W)) {
			first = start;
			end = start + at->p_memsz;
		}
	}
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *at = &info->dlpi_phdr[i];
		uintptr_t relro = info->dlpi_addr + at->p_vaddr + at->p_memsz;

		if (at->p_type == PT_GNU_RELRO)
			first = max(first, (relro + 4095) & ~(uintptr_t)4095);
	}
	if (!here)
		return 0;
	variables = (char *)first;
	variables_size = end > first ? min(end - first, (uintptr_t)SAVED_SIZE) : 0;
	return 1;
}

static void map_tables(void)
{
	int fd = (int)syscall(SYS_memfd_create, "tables", 0);

	if (fd < 0 || ftruncate(fd, PTECHECK_MAX_TABLES * PTECHECK_AREA_TABLE_PAGE) != 0 ||
	    mmap(TABLES_AT, TABLES_SIZE, PROT_NONE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0) != TABLES_AT)
		refuse("no room for tables");
	common->run.ptes = TABLES_AT + (1 << PTECHECK_AREA_TABLE_SHIFT);
	for (size_t alias = 0; alias < PTECHECK_AREA_ALIASES; alias++)
		for (size_t i = 0; i < PTECHECK_MAX_TABLES; i++)
			mmap(common->run.ptes + (alias << PTECHECK_AREA_ALIAS_SHIFT) +
			     (i << PTECHECK_AREA_TABLE_SHIFT), PTECHECK_AREA_TABLE_PAGE,
			     PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd,
			     (off_t)(i * PTECHECK_AREA_TABLE_PAGE));
	close(fd);
}

static void load(const char *path)
{
#ifdef PTECHECK_LINKED
	(void)path;
	subject = &ptecheck_subject;
#else
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);

	if (library == NULL)
		refuse(dlerror());
	subject = dlsym(library, "ptecheck_subject");
	if (subject == NULL)
		refuse("it names no entry: PTECHECK_MREMAP(function) or another of the header");
#endif
	control->layout = subject->layout;
	if (subject->layout != PTECHECK_LAYOUT)
		refuse("it was compiled with the header of another version of ptecheck");
	control->operation = subject->operation;
	control->kernel = subject->kernel;
}

int main(int argc, char **argv)
{
	struct ptecheck_run *run;
	int fd = open(argv[1], O_RDWR | O_CLOEXEC), null = open("/dev/null", O_RDWR);

	area = mmap(NULL, PTECHECK_AREA_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	common = mmap(NULL, sizeof(*common), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (argc < 2 || fd < 0 || area == MAP_FAILED || common == MAP_FAILED)
		return 2;
	close(fd);
	control = (struct ptecheck_control *)area;
	cases = (struct ptecheck_case *)(area + PTECHECK_AREA_CASE_TABLE);
	command_fd = fcntl(0, F_DUPFD, 100);
	reply_fd = fcntl(1, F_DUPFD, 100);
	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	close(null);
	setvbuf(stdout, NULL, _IONBF, 0);
	/* An interrupt is the checker's affair: it closes the pipe when it has done with us. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	load(argc > 2 ? argv[2] : NULL);
	map_tables();
	run = &common->run;
	run->pages = mmap(PAGES_AT, PTECHECK_MAX_FRAMES * sizeof(struct page), PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
	run->mm_structs = mm_structs;
	run->vma_structs = vma_structs;
	run->pmd_structs = pmds;
	run->pmd_slots = pmd_slots;
	run->ptls = ptls;
	run->file_index = file_index;
	run->stop = stop;
	if (run->pages == MAP_FAILED)
		refuse("no room for pages");
	dl_iterate_phdr(find_variables, NULL);
	copy_variables(common->saved, variables);
	control->ready = 1;
	if (write(reply_fd, "", 1) != 1)
		return 2;
	supervise();
	return 0;
}
