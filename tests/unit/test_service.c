/*
 * test_service.c - services and containers by the paths of control groups
 *
 * Paths as service managers and container engines make them; ids and names
 * are made up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "model/service.h"

#define ID "3f2a9c1b0d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8"

static const struct {
	const char *path, *name;	/* "" none */
} paths[] = {
	/* systemd */
	{ "/system.slice/nginx.service", "nginx.service" },
	{ "/system.slice/system-getty.slice/getty@tty1.service",
	  "getty@tty1.service" },
	{ "/system.slice/system-postgresql.slice/postgresql@15-main.service",
	  "postgresql@15-main.service" },
	{ "/init.scope", "init.scope" },
	{ "/system.slice/dbus.socket", "dbus.socket" },
	{ "/system.slice/nginx.service (deleted)", "nginx.service" },
	{ "/../../system.slice/cron.service", "cron.service" },
	{ "/user.slice/user-1000.slice/session-3.scope", "session-3.scope" },
	{ "/user.slice/user-1000.slice/user@1000.service/init.scope",
	  "user@1000.service" },
	{ "/user.slice/user-1000.slice/user@1000.service/app.slice/web.service",
	  "user@1000/web.service" },
	{ "/user.slice/user-1000.slice/user@1000.service/app.slice/"
	  "app-org.gnome.Terminal.slice/"
	  "vte-spawn-8a0f3c2d-1b2c-4d5e-8f90-0123456789ab.scope",
	  "user@1000/vte-spawn-8a0f3c2d.scope" },
	{ "/system.slice/docker.service", "docker.service" },
	/* a quadlet is what its unit is */
	{ "/system.slice/web.service/libpod-payload-" ID, "web.service" },

	/* docker */
	{ "/system.slice/docker-" ID ".scope", "docker 3f2a9c1b0d4e" },
	{ "/docker/" ID, "docker 3f2a9c1b0d4e" },
	{ "/docker/buildkit/" ID, "docker 3f2a9c1b0d4e" },
	{ "/user.slice/user-1000.slice/user@1000.service/user.slice/docker-" ID
	  ".scope", "docker 3f2a9c1b0d4e" },
	/* a service inside: what the host sees is the container */
	{ "/system.slice/docker-" ID ".scope/system.slice/nginx.service",
	  "docker 3f2a9c1b0d4e" },

	/* podman */
	{ "/machine.slice/libpod-" ID ".scope/container",
	  "podman 3f2a9c1b0d4e" },
	{ "/machine.slice/libpod-conmon-" ID ".scope", "podman 3f2a9c1b0d4e" },
	{ "/libpod_parent/libpod-" ID, "podman 3f2a9c1b0d4e" },
	{ "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" ID
	  ".scope/container", "podman 3f2a9c1b0d4e" },

	/* Kubernetes: by systemd, without, and with both mixed up */
	{ "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-"
	  "pod8c7b3d2e_0a1b_4c2d_9e3f_001122334455.slice/cri-containerd-" ID
	  ".scope", "k8s 8c7b3d2e/3f2a9c1b0d4e" },
	{ "/kubepods.slice/kubepods-pod8c7b3d2e_0a1b_4c2d_9e3f_001122334455"
	  ".slice/crio-" ID ".scope", "k8s 8c7b3d2e/3f2a9c1b0d4e" },
	{ "/kubepods/besteffort/pod8c7b3d2e-0a1b-4c2d-9e3f-001122334455/" ID,
	  "k8s 8c7b3d2e/3f2a9c1b0d4e" },
	{ "/kubepods/pod0123456789abcdef0123456789abcdef/" ID,
	  "k8s 01234567/3f2a9c1b0d4e" },
	{ "/system.slice/containerd.service/kubepods-besteffort-pod8c7b3d2e_"
	  "0a1b_4c2d_9e3f_001122334455.slice:cri-containerd:" ID,
	  "k8s 8c7b3d2e/3f2a9c1b0d4e" },
	{ "/docker/" ID "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods"
	  "-burstable.slice/kubelet-kubepods-burstable-pod8c7b3d2e_0a1b_4c2d_"
	  "9e3f_001122334455.slice/cri-containerd-aaaabbbbccccddddeeeeffff0000"
	  "1111aaaabbbbccccddddeeeeffff00001111.scope",
	  "k8s 8c7b3d2e/aaaabbbbcccc" },

	/* other engines */
	{ "/system.slice/nerdctl-" ID ".scope", "containerd 3f2a9c1b0d4e" },
	{ "/default/" ID, "containerd 3f2a9c1b0d4e" },
	{ "/ecs/0123456789abcdef0123456789abcdef/" ID,
	  "container 3f2a9c1b0d4e" },
	{ "/lxc.payload.web/system.slice/nginx.service", "lxc web" },
	{ "/lxc.monitor.web", "lxc web" },
	{ "/lxc/101/ns/init.scope", "lxc 101" },
	{ "/machine.slice/machine-qemu\\x2d1\\x2dweb.scope/libvirt/emulator",
	  "machine qemu-1-web" },
	{ "/machine.slice/systemd-nspawn@web.service/payload",
	  "systemd-nspawn@web.service" },
	{ "/openrc.nginx", "openrc nginx" },

	/* neither */
	{ "/", "" },
	{ "", "" },
	{ "/system.slice", "" },
	{ "/kubepods/besteffort", "" },
	{ "/mine/web", "" },
	{ "/process_api/0e65814bb04d8453a63435065af56eeb", "" },
	{ "/deadbeefcafe", "" },
	{ "/.service", "" },
	{ "/docker/", "" },
	{ "/docker-.scope", "docker-.scope" },
	{ "////", "" },
};

static void test_paths(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct buf b = { 0 };
		bool got = service_of_path(&b, paths[i].path,
					   strlen(paths[i].path));

		print_message("# %s\n", paths[i].path);
		assert_string_equal(buf_str(&b), paths[i].name);
		assert_int_equal(got, *paths[i].name != 0);
		buf_free(&b);
	}
}

/* Cut anywhere, and not ended by a NUL: nothing beyond is read. */
static void test_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		size_t len = strlen(paths[i].path);

		for (size_t n = 0; n <= len; n++) {
			char *copy = malloc(n ? n : 1);
			struct buf b = { 0 };

			memcpy(copy, paths[i].path, n);
			service_of_path(&b, copy, n);
			buf_reset(&b);
			service_of_file(&b, copy, n);
			buf_free(&b);
			free(copy);
		}
	}
}

static void check_file(const char *text, const char *name)
{
	struct buf b = { 0 };

	assert_int_equal(service_of_file(&b, text, strlen(text)), *name != 0);
	assert_string_equal(buf_str(&b), name);
	buf_free(&b);
}

static void test_files(void **state)
{
	(void)state;
	check_file("0::/system.slice/nginx.service\n", "nginx.service");
	check_file("0::/system.slice/nginx.service", "nginx.service");
	/* version 1, and both */
	check_file("12:pids:/system.slice/ssh.service\n"
		   "3:cpu,cpuacct:/\n"
		   "1:name=systemd:/system.slice/ssh.service\n", "ssh.service");
	check_file("12:pids:/docker/" ID "\n1:name=systemd:/docker/" ID "\n"
		   "0::/system.slice/docker.service\n", "docker.service");
	check_file("1:name=systemd:/system.slice/ssh.service\n0::/\n",
		   "ssh.service");
	/* no systemd: whatever hierarchy has it */
	check_file("4:memory:/docker/" ID "\n3:cpuset:/\n0::/\n",
		   "docker 3f2a9c1b0d4e");
	/* a path with colons */
	check_file("0::/system.slice/a:b.service\n", "a:b.service");
	check_file("0::/\n", "");
	check_file("", "");
	check_file("\n\n", "");
	check_file("nonsense\n0:\n0::", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
