/*
 * taskfile.bpf.c - runs in the kernel for each descriptor of each process
 *
 * Built by clang for BPF, embedded into tulpen by bpf_objects.S and loaded by
 * taskfile.c, which reads what comes of it.  The kernel takes threads that
 * share their leader's descriptors as one, and only tasks of the pid
 * namespace of whoever opened the iterator (kernel/bpf/task_iter.c).
 */
#include "source/in_kernel.h"
#include "source/taskfile_record.h"

/* Stable numbers of the kernel's interfaces. */
enum {
	MAP_ARRAY	= 2,
	AF_INET		= 2,
	AF_INET6	= 10,
};

struct sock_common {
	unsigned short skc_family;
	possible_net_t skc_net;
} AS_IN_KERNEL;

struct sock {
	struct sock_common __sk_common;
} AS_IN_KERNEL;

struct socket {
	struct sock *sk;
} AS_IN_KERNEL;

struct inode {
	unsigned long i_ino;
} AS_IN_KERNEL;

struct file {
	struct inode *f_inode;
} AS_IN_KERNEL;

struct upid {
	int nr;
} AS_IN_KERNEL;

struct pid {
	unsigned int level;
	struct upid numbers[1];
} AS_IN_KERNEL;

struct task_struct {
	int pid;
	struct pid *thread_pid;
	struct task_struct *group_leader;
	__u64 start_boottime;
	char comm[16];
} AS_IN_KERNEL;

struct bpf_iter_meta {
	struct seq_file *seq;
} AS_IN_KERNEL;

/* The program's argument: not memory of the kernel but words in this order. */
struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	__u32 fd __attribute__((aligned(8)));
	struct file *file;
};

struct {
	__uint(type, MAP_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct taskfile_step);
} step SEC(".maps");

const volatile struct taskfile_config config = { 0 };

#define INLINE static __attribute__((always_inline)) inline

/* read(2) returns what there is when the program returns CUT, and begins with
 * this descriptor the next time. */
enum { GO_ON = 0, CUT = 1 };
/* descriptors between two looks at the clock */
enum { LOOK = 32 };

INLINE bool is_wanted(const struct file *file)
{
	struct socket *socket = bpf_sock_from_file((struct file *)file);
	struct sock *sk;
	__u16 family;

	if (!socket)
		return false;
	sk = socket->sk;
	if (!sk)
		return false;
	family = sk->__sk_common.skc_family;
	return (family == AF_INET || family == AF_INET6) &&
	       sk->__sk_common.skc_net.net->ns.inum == config.netns;
}

/* The number of a task as the reader's /proc has it. */
INLINE __u32 pid_for_reader(struct task_struct *task)
{
	struct task_struct *reader = (void *)bpf_get_current_task();
	__u32 level = BPF_CORE_READ(reader, thread_pid, level);
	void *pid = task->thread_pid;
	struct upid *number = pid +
		bpf_core_field_offset(struct pid, numbers) +
		level * bpf_core_type_size(struct upid);

	return BPF_CORE_READ(number, nr);
}

INLINE int tell(struct seq_file *seq, struct taskfile_step *s,
		struct task_struct *leader, __u64 inode)
{
	struct {
		struct taskfile_process process;
		__u64 inode;
	} both = { .inode = inode };

	if (s->pid == (__u32)leader->pid && s->start == leader->start_boottime)
		return bpf_seq_write(seq, &inode, sizeof(inode));
	both.process.start = leader->start_boottime;
	both.process.pid = pid_for_reader(leader);
	bpf_probe_read_kernel(both.process.comm, sizeof(both.process.comm),
			      leader->comm);
	/* where there is no room the kernel takes nothing, and shows us this
	 * descriptor again in the next read */
	if (bpf_seq_write(seq, &both, sizeof(both)))
		return -1;
	s->pid = leader->pid;
	s->start = both.process.start;
	return 0;
}

SEC("iter/task_file")
int each_file(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct taskfile_step *s;
	__u32 zero = 0;

	if (!task || !file)		/* the end */
		return GO_ON;
	s = bpf_map_lookup_elem(&step, &zero);
	if (!s)
		return GO_ON;
	if (++s->seen % LOOK == 0 && bpf_ktime_get_boot_ns() > s->until)
		return CUT;
	if (is_wanted(file))
		tell(ctx->meta->seq, s, task->group_leader,
		     file->f_inode->i_ino);
	return GO_ON;
}

char license_text[] SEC("license") = "GPL";
