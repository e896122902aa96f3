/*
 * bpf_objects.S - the BPF programs as bytes of the program
 *
 * TRACE_OBJECT and TASKFILE_OBJECT, from the Makefile, are the files that
 * clang made of trace.bpf.c and taskfile.bpf.c.
 */
	.macro embed name, file
	.balign 16
	.globl \name
	.hidden \name
\name:
	.incbin "\file"
	.globl \name\()_end
	.hidden \name\()_end
\name\()_end:
	.byte 0
	.endm

	.section .rodata
	embed trace_object, TRACE_OBJECT
	embed taskfile_object, TASKFILE_OBJECT

	.section .note.GNU-stack,"",%progbits
