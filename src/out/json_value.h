/*
 * json_value.h - what samples and changes have in common in JSON
 */
#ifndef OUT_JSON_VALUE_H
#define OUT_JSON_VALUE_H

#include <json-c/json.h>

#include "out/formats.h"

/* A new object. All of these end the program when memory ends. */
struct json_object *json_new(void);
struct json_object *json_new_array(void);
struct json_object *json_text(const char *text);
void json_append(struct json_object *array, struct json_object *v);
/* Adds under a key that is new to o and lives as long as the program. */
void json_put(struct json_object *o, const char *key, struct json_object *v);
void json_put_text(struct json_object *o, const char *key, const char *text);
void json_put_uint(struct json_object *o, const char *key, uint64_t n);
/* with three decimals at most */
void json_put_double(struct json_object *o, const char *key, double n);
void json_put_true(struct json_object *o, const char *key);
void json_put_null(struct json_object *o, const char *key);
/* RFC 3339 */
void json_put_time(struct json_object *o, const char *key, int64_t wall);
/* [{"pid", "name"}, …]; nothing while it is not known who they are */
void json_put_owner(struct json_object *o, const struct owners *owners,
		    uint32_t set, bool last);
/* What a column says, under its own key; nothing when it is unknown. */
void json_put_column(struct json_object *o, struct column_context *c,
		     enum column_id id, const struct sock *s);
/* json_groups.c: what a sample that has groups tells before them, and the
 * groups to the end of its line */
void json_groups_head(struct json_object *head, const struct view *v);
void json_groups(struct buf *out, const struct out_options *o,
		 const struct view *v, struct column_context *c);
/* json.c: time, host, source and states, as each sample begins */
struct json_object *json_head(const struct out_options *opt,
			      const struct monitor *m,
			      const struct table_counts *n);
/* json_edges.c: "edges", "rates" and "dwell" of a summary */
void json_put_edges(struct json_object *o, const struct column_context *c);

/* Appends the text of o without a newline, and frees o. */
void json_flush(struct buf *out, struct json_object *o);

#endif
