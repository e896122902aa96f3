/*
 * scene_view.h - the scene, and a view of it: each test's state
 */
#ifndef TESTS_SCENE_VIEW_H
#define TESTS_SCENE_VIEW_H

#include "scene.h"
#include "view/view.h"

struct fixture {
	struct scene scene;
	struct column_context c;
	struct view v;		/* not updated yet */
};

/* All passes of the scene are read; the state is a struct fixture. */
int scene_view_set_up(void **state);
int scene_view_tear_down(void **state);

#endif
