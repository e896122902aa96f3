/*
 * trace_object.S - the BPF program of trace.bpf.c as bytes of the program
 *
 * TRACE_OBJECT, from the Makefile, is the file that clang made.
 */
	.section .rodata
	.balign 16
	.globl trace_object
	.hidden trace_object
trace_object:
	.incbin TRACE_OBJECT
	.globl trace_object_end
	.hidden trace_object_end
trace_object_end:
	.byte 0

	.section .note.GNU-stack,"",%progbits
