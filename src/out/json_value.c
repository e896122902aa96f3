#include "out/json_value.h"

#include "base/mem.h"
#include "view/format.h"

static struct json_object *there(struct json_object *o)
{
	if (!o)
		mem_exhausted();
	return o;
}

struct json_object *json_new(void)
{
	return there(json_object_new_object());
}

struct json_object *json_new_array(void)
{
	return there(json_object_new_array());
}

void json_append(struct json_object *array, struct json_object *v)
{
	if (json_object_array_add(array, there(v)))
		mem_exhausted();
}

void json_put(struct json_object *o, const char *key, struct json_object *v)
{
	if (json_object_object_add_ex(o, key, there(v),
				      JSON_C_OBJECT_ADD_KEY_IS_NEW |
				      JSON_C_OBJECT_ADD_CONSTANT_KEY))
		mem_exhausted();
}

void json_put_null(struct json_object *o, const char *key)
{
	/* NULL is what null is in this library */
	if (json_object_object_add_ex(o, key, NULL,
				      JSON_C_OBJECT_ADD_KEY_IS_NEW |
				      JSON_C_OBJECT_ADD_CONSTANT_KEY))
		mem_exhausted();
}

struct json_object *json_text(const char *text)
{
	return there(json_object_new_string(text));
}

void json_put_text(struct json_object *o, const char *key, const char *text)
{
	json_put(o, key, json_text(text));
}

void json_put_uint(struct json_object *o, const char *key, uint64_t n)
{
	json_put(o, key, json_object_new_uint64(n));
}

void json_put_double(struct json_object *o, const char *key, double n)
{
	struct json_object *v = there(json_object_new_double(n));

	json_object_set_serializer(v, json_object_double_to_json_string,
				   (void *)"%.3f", NULL);
	json_put(o, key, v);
}

void json_put_true(struct json_object *o, const char *key)
{
	json_put(o, key, json_object_new_boolean(1));
}

void json_put_time(struct json_object *o, const char *key, int64_t wall)
{
	struct buf text = { 0 };

	format_rfc3339(&text, wall);
	json_put_text(o, key, buf_str(&text));
	buf_free(&text);
}

void json_put_owner(struct json_object *o, const struct owners *owners,
		    uint32_t set, bool last)
{
	struct json_object *list;
	const struct process *p;

	if (set == OWNER_PENDING || set == OWNER_HIDDEN)
		return;
	list = json_new_array();
	for (size_t i = 0; (p = owners_get(owners, set, i)); i++) {
		struct json_object *one = json_new();

		json_put_uint(one, "pid", (uint64_t)p->pid);
		json_put_text(one, "name", safe_str(p->name));
		json_append(list, one);
	}
	json_put(o, columns[COL_OWNER].json, list);
	if (last)
		json_put_true(o, "owner_last");
}

static void put_address(struct json_object *o, const char *key,
			const struct value *v)
{
	char text[ADDR_TEXT_MAX];

	addr_print(text, v->family, v->addr);
	json_put_text(o, key, text);
}

void json_put_column(struct json_object *o, struct column_context *c,
		     enum column_id id, const struct sock *s)
{
	const char *key = columns[id].json;
	struct value v = columns[id].get(c, s);

	switch ((enum value_kind)v.kind) {
	case VALUE_UINT:
		json_put_uint(o, key, v.uint);
		break;
	case VALUE_DURATION:
		json_put_uint(o, key, v.ns < 0 ? 0 :
			      (uint64_t)(v.ns / NS_PER_MS));
		if (columns[id].json_bound && v.certainty == CERTAIN_AT_LEAST)
			json_put_true(o, columns[id].json_bound);
		break;
	case VALUE_TEXT:
		json_put_text(o, key, v.text);
		break;
	case VALUE_ADDR:
		put_address(o, key, &v);
		break;
	case VALUE_OWNERS:
		json_put_owner(o, c->monitor->owners, v.owner, s->owner_last);
		break;
	case VALUE_NONE:
		break;
	}
}

void json_flush(struct buf *out, struct json_object *o)
{
	size_t len;
	const char *text = json_object_to_json_string_length(
		o, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE |
		JSON_C_TO_STRING_NOZERO, &len);

	if (!text)
		mem_exhausted();
	buf_add(out, text, len);
	json_object_put(o);
}
