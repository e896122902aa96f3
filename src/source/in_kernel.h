/*
 * in_kernel.h - what our programs in the kernel have in common
 *
 * No header of a kernel is needed: the few fields that are read are declared
 * where they are used, and libbpf puts in where the running kernel has them
 * (CO-RE).
 */
#ifndef SOURCE_IN_KERNEL_H
#define SOURCE_IN_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

typedef uint8_t __u8;
typedef uint16_t __u16, __be16;
typedef uint32_t __u32, __be32, __wsum;
typedef uint64_t __u64;
typedef int16_t __s16;
typedef int32_t __s32;
typedef int64_t __s64;

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#define AS_IN_KERNEL __attribute__((preserve_access_index))

struct ns_common {
	unsigned int inum;
} AS_IN_KERNEL;

struct net {
	struct ns_common ns;
} AS_IN_KERNEL;

typedef struct {
	struct net *net;
} possible_net_t;

#endif
