#include "scene_view.h"

#include <locale.h>
#include <stdlib.h>

#include "base/mem.h"

int scene_view_set_up(void **state)
{
	struct fixture *f = mem_zalloc(sizeof(*f));

	setlocale(LC_ALL, "C.UTF-8");
	scene_all(&f->scene);
	f->c.monitor = f->scene.monitor;
	f->c.now = clock_mono(&f->scene.clock.clock);
	view_init(&f->v);
	*state = f;
	return 0;
}

int scene_view_tear_down(void **state)
{
	struct fixture *f = *state;

	view_free(&f->v);
	scene_free(&f->scene);
	free(f);
	return 0;
}
