#include "show/outlets.h"

void
outlets_options(struct show *s, const struct options *o)
{
	const char **list;
	size_t i;

	s->nhubs = options_number_of(o, "websub_hub");
	list = arena_array(&s->arena, s->nhubs, sizeof(*list));
	for (i = 0; i < s->nhubs; i++)
		list[i] = options_at(o, "websub_hub", i);
	s->hubs = list;
	s->index_ping = options_bool(o, "podcast_index_ping");
	s->podping = options_bool(o, "podping");
	s->deploy = options_text(o, "deploy");
	s->new_feed_url = options_text(o, "new_feed_url");
}
