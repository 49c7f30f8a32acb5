#include "show/media_place.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "show/media_prefix.h"
#include "text/url.h"

bool
media_complain(const struct media *audio, struct findings *to,
    const char *text)
{
	finding_add(to, SEV_ERROR, "episode-audio", audio->from, audio->line,
	    "%s", text);
	return false;
}

/* Why a file is not there, with the folder that cannot be read. */
static bool
complain_of(struct show *show, const struct media *audio, struct findings *to,
    const char *about, const struct err *err)
{
	return media_complain(audio, to, arena_printf(&show->arena, "%s%s%s%s",
	    about, err->file, err->file[0] != '\0' ? ": " : "", err->msg));
}

/* media_dir is one mistake, however many episodes want a file of it. */
static bool
has_folder(struct show *show, const char *root, struct findings *to)
{
	if (root != show->media_dir || fs_is_dir(root))
		return true;
	if (!show->media_dir_told)
		finding_add(to, SEV_ERROR, "option-value", show->file,
		    show_line(show, "media_dir"), "media_dir: there is no "
		    "folder `%s`; the audio of the episodes cannot be found",
		    root);
	if (to->report != NULL)
		show->media_dir_told = true;
	return false;
}

/* The rest of url behind prefix, which counts with or without its slash. Case
 * does not matter in scheme and host (RFC 3986 §6.2.2.1). */
static const char *
behind(const char *url, const char *prefix)
{
	size_t len = strlen(prefix), host;
	const char *p = strstr(prefix, "://");

	host = p == NULL ? 0 : (size_t)(p - prefix) + 3;
	host += strcspn(prefix + host, "/");
	if (len > 0 && prefix[len - 1] == '/')
		len--;
	if (host > len)
		host = len;
	if (strncasecmp(url, prefix, host) != 0 ||
	    strncmp(url + host, prefix + host, len - host) != 0 ||
	    url[len] != '/')
		return NULL;
	return url + len + 1;
}

/* name without empty and "." parts, and ".." taken back; what leads above
 * its folder is cut off, and then names another file or none. */
static const char *
tidied(struct arena *a, const char *name)
{
	struct buf b;
	const char *out;
	size_t len;

	buf_init(&b, 0);
	for (; *name != '\0'; name += len + (name[len] == '/')) {
		len = strcspn(name, "/");
		if (len == 0 || (len == 1 && name[0] == '.'))
			continue;
		if (len == 2 && strncmp(name, "..", 2) == 0) {
			while (b.len > 0 && b.data[b.len - 1] != '/')
				buf_truncate(&b, b.len - 1);
			if (b.len > 0)
				buf_truncate(&b, b.len - 1);
			continue;
		}
		if (b.len > 0)
			buf_addc(&b, '/');
		buf_add(&b, name, len);
	}
	out = arena_strdup(a, b.data);
	buf_release(&b);
	return out;
}

/* How the web server knows real, a file in root that was named so: a link in
 * root keeps its name, all else has the one way that leads to the file. */
static const char *
public_name(struct arena *a, const char *root, const char *name,
    const char *real)
{
	struct err ignored = ERR_INIT;
	const char *tidy = tidied(a, name), *same, *top;

	same = name[0] == '/' ? NULL : fs_beneath(a, root, tidy, &ignored);
	if (same != NULL && strcmp(same, real) == 0)
		return tidy;
	top = fs_beneath(a, root, ".", &ignored);
	if (top != NULL)
		real += strlen(top);
	return real + strspn(real, "/");
}

/* `audio` names a file: it lies in media_dir, else beside the notes, where the
 * folder of `episodes` is the one with the public address. */
static bool
place_named(struct show *show, const struct episode *e, struct media *audio,
    struct media_place *out, struct findings *to)
{
	const char *root = show->media_dir != NULL ? show->media_dir :
	    fs_dirname(&show->arena, e->file);
	struct err err = ERR_INIT;
	struct buf url;

	if (show->media_url == NULL)
		return media_complain(audio, to, "`audio` names a file, but "
		    "show.ini has no media_url to tell its public address");
	if (!has_folder(show, root, to))
		return false;
	out->file = fs_beneath(&show->arena, root, audio->file, &err);
	if (out->file == NULL)
		return complain_of(show, audio, to, "", &err);
	buf_init(&url, 0);
	buf_adds(&url, show->media_url);
	if (url.data[url.len - 1] != '/')
		buf_addc(&url, '/');
	if (show->media_dir == NULL)
		url_add_encoded(&url, show_folder(&show->arena, show, e), "/");
	url_add_encoded(&url, public_name(&show->arena, root, audio->file,
	    out->file), "/");
	audio->url = arena_strdup(&show->arena, url.data);
	buf_release(&url);
	return true;
}

/* Where an address is to be had: of a file in media_dir, or mapped by
 * probe_map; NULL: as it is. What stands behind that folder or prefix. */
static const char *
mapped(const struct config *c, const struct show *show, const char *url,
    const char **root, const struct config_probe **map)
{
	const char *rest;
	size_t i;

	*map = NULL;
	*root = show->media_dir;
	if (show->media_dir != NULL && show->media_url != NULL &&
	    (rest = behind(url, show->media_url)) != NULL)
		return rest;
	for (i = 0; i < c->nprobe; i++) {
		*map = &c->probe[i];
		*root = (*map)->is_url ? NULL : (*map)->instead;
		if ((rest = behind(url, (*map)->prefix)) != NULL)
			return rest;
	}
	return NULL;
}

/* An address, as it is written or behind its analytics prefixes: asking is no
 * download that is to be counted. */
static bool
place_address(const struct media_context *m, struct show *show,
    const struct media *audio, struct media_place *out, struct findings *to)
{
	const char *root, *rest, *url = audio->url;
	const struct config_probe *p;
	struct err err = ERR_INIT;
	size_t len;

	rest = mapped(m->config, show, url, &root, &p);
	if (rest == NULL) {
		url = media_prefix_strip(&show->arena, url);
		rest = mapped(m->config, show, url, &root, &p);
	}
	if (rest == NULL) {
		out->url = url;
		return true;
	}
	if (root == NULL) {
		len = strlen(p->instead);
		out->url = arena_printf(&show->arena, "%s%s%s", p->instead,
		    p->instead[len - 1] == '/' ? "" : "/", rest);
		return true;
	}
	if (!has_folder(show, root, to))
		return false;
	out->file = fs_beneath(&show->arena, root,
	    url_decoded(&show->arena, rest), &err);
	if (out->file != NULL)
		return true;
	return complain_of(show, audio, to, arena_printf(&show->arena, "%s: ",
	    audio->url), &err);
}

bool
media_place(const struct media_context *m, struct show *show,
    const struct episode *e, struct media *audio, struct media_place *out,
    struct findings *to)
{
	out->file = out->url = NULL;
	if (audio->file != NULL)
		return place_named(show, e, audio, out, to);
	if (audio->url != NULL)
		return place_address(m, show, audio, out, to);
	return media_complain(audio, to, "the episode has no audio; write "
	    "`audio: FILE or address` at its head");
}

const char *
media_local(const struct config *c, const struct show *show, struct arena *a,
    const char *url)
{
	const struct config_probe *map;
	struct err ignored = ERR_INIT;
	const char *root, *rest = mapped(c, show, url, &root, &map);

	return rest == NULL || root == NULL ? NULL :
	    fs_beneath(a, root, url_decoded(a, rest), &ignored);
}
