/*
 * The podcast namespace (podcast-namespace, tags/), with what Apple and the
 * standard of RSS want in a live item. A name of an attribute stands for the
 * element's one value where the element has no text and it comes first.
 */
#include "show/podcast_int.h"

#define REQUIRED true
#define OPTIONAL false
#define ATTRS static const struct podcast_value
#define TEXT(required, max) { "text", PODCAST_TEXT, required, max, NULL }
#define NO_TEXT { "text", PODCAST_NONE, false, 0, NULL }
#define END { NULL, PODCAST_NONE, false, 0, NULL }

#define MEDIA "podcast music video film audiobook newsletter blog publisher " \
	"course podcastL musicL videoL filmL audiobookL newsletterL blogL " \
	"publisherL courseL mixed"

ATTRS locked[] = { { "owner", PODCAST_TEXT, OPTIONAL, 0, NULL }, END };
ATTRS url[] = { { "url", PODCAST_URL, REQUIRED, 0, NULL }, END };
ATTRS purpose[] = { { "purpose", PODCAST_TEXT, OPTIONAL, 128, NULL }, END };
ATTRS block[] = { { "id", PODCAST_TEXT, OPTIONAL, 0, NULL }, END };
ATTRS podping[] = {
	{ "usesPodping", PODCAST_BOOL, REQUIRED, 0, NULL }, END
};
ATTRS update[] = {
	{ "rrule", PODCAST_TEXT, OPTIONAL, 0, NULL },
	{ "complete", PODCAST_BOOL, OPTIONAL, 0, NULL },
	{ "dtstart", PODCAST_DATE_ISO, OPTIONAL, 0, NULL }, END
};
ATTRS remote[] = {
	{ "feedGuid", PODCAST_UUID, REQUIRED, 0, NULL },
	{ "feedUrl", PODCAST_URL, OPTIONAL, 0, NULL },
	{ "itemGuid", PODCAST_TEXT, OPTIONAL, 0, NULL },
	{ "medium", PODCAST_CHOICE, OPTIONAL, 0, MEDIA },
	{ "title", PODCAST_TEXT, OPTIONAL, 0, NULL }, END
};
ATTRS trailer[] = {
	{ "url", PODCAST_URL, REQUIRED, 0, NULL },
	{ "pubdate", PODCAST_DATE, REQUIRED, 0, NULL },
	{ "length", PODCAST_WHOLE, OPTIONAL, 0, NULL },
	{ "type", PODCAST_TYPE, OPTIONAL, 0, NULL },
	{ "season", PODCAST_WHOLE, OPTIONAL, 0, NULL }, END
};
ATTRS live[] = {
	{ "status", PODCAST_CHOICE, REQUIRED, 0, "pending live ended" },
	{ "start", PODCAST_DATE_ISO, REQUIRED, 0, NULL },
	{ "end", PODCAST_DATE_ISO, OPTIONAL, 0, NULL }, END
};
ATTRS location[] = {
	{ "rel", PODCAST_CHOICE, OPTIONAL, 0, "subject creator" },
	{ "geo", PODCAST_GEO, OPTIONAL, 0, NULL },
	{ "osm", PODCAST_TEXT, OPTIONAL, 0, NULL },
	{ "country", PODCAST_TEXT, OPTIONAL, 0, NULL }, END
};
ATTRS license[] = { { "url", PODCAST_URL, OPTIONAL, 0, NULL }, END };
ATTRS value[] = {
	{ "type", PODCAST_TEXT, REQUIRED, 0, NULL },
	{ "method", PODCAST_TEXT, REQUIRED, 0, NULL },
	{ "suggested", PODCAST_DECIMAL, OPTIONAL, 0, NULL }, END
};
ATTRS recipient[] = {
	{ "name", PODCAST_TEXT, OPTIONAL, 0, NULL },
	{ "type", PODCAST_TEXT, REQUIRED, 0, NULL },
	{ "address", PODCAST_TEXT, REQUIRED, 0, NULL },
	{ "customKey", PODCAST_TEXT, OPTIONAL, 0, NULL },
	{ "customValue", PODCAST_TEXT, OPTIONAL, 0, NULL },
	{ "split", PODCAST_WHOLE, REQUIRED, 0, NULL },
	{ "fee", PODCAST_BOOL, OPTIONAL, 0, NULL }, END
};
ATTRS time_split[] = {
	{ "startTime", PODCAST_SECONDS, REQUIRED, 0, NULL },
	{ "duration", PODCAST_SECONDS, REQUIRED, 0, NULL },
	{ "remoteStartTime", PODCAST_SECONDS, OPTIONAL, 0, NULL },
	{ "remotePercentage", PODCAST_WHOLE, OPTIONAL, 0, NULL }, END
};
ATTRS image[] = {
	{ "href", PODCAST_URL, REQUIRED, 0, NULL },
	{ "alt", PODCAST_TEXT, OPTIONAL, 0, NULL },
	{ "aspect-ratio", PODCAST_RATIO, OPTIONAL, 0, NULL },
	{ "width", PODCAST_WHOLE, OPTIONAL, 0, NULL },
	{ "height", PODCAST_WHOLE, OPTIONAL, 0, NULL },
	{ "type", PODCAST_TYPE, OPTIONAL, 0, NULL },
	{ "purpose", PODCAST_TEXT, OPTIONAL, 128, NULL }, END
};
ATTRS images[] = { { "srcset", PODCAST_TEXT, REQUIRED, 0, NULL }, END };
ATTRS social[] = {
	{ "uri", PODCAST_URI, OPTIONAL, 0, NULL },
	{ "protocol", PODCAST_TEXT, REQUIRED, 0, NULL },
	{ "accountId", PODCAST_TEXT, OPTIONAL, 0, NULL },
	{ "accountUrl", PODCAST_URL, OPTIONAL, 0, NULL },
	{ "priority", PODCAST_WHOLE, OPTIONAL, 0, NULL }, END
};
ATTRS chat[] = {
	{ "server", PODCAST_TEXT, REQUIRED, 0, NULL },
	{ "protocol", PODCAST_TEXT, REQUIRED, 0, NULL },
	{ "accountId", PODCAST_TEXT, OPTIONAL, 0, NULL },
	{ "space", PODCAST_TEXT, OPTIONAL, 0, NULL }, END
};
ATTRS soundbite[] = {
	{ "startTime", PODCAST_SECONDS, REQUIRED, 0, NULL },
	{ "duration", PODCAST_SECONDS, REQUIRED, 0, NULL }, END
};
ATTRS season[] = { { "name", PODCAST_TEXT, OPTIONAL, 128, NULL }, END };
ATTRS episode[] = { { "display", PODCAST_TEXT, OPTIONAL, 32, NULL }, END };
ATTRS content_link[] = { { "href", PODCAST_URI, REQUIRED, 0, NULL }, END };
ATTRS person[] = {
	{ "role", PODCAST_TEXT, OPTIONAL, 0, NULL },
	{ "group", PODCAST_TEXT, OPTIONAL, 0, NULL },
	{ "img", PODCAST_URL, OPTIONAL, 0, NULL },
	{ "href", PODCAST_URL, OPTIONAL, 0, NULL }, END
};
ATTRS transcript[] = {
	{ "url", PODCAST_URL, REQUIRED, 0, NULL },
	{ "type", PODCAST_TYPE, REQUIRED, 0, NULL },
	{ "language", PODCAST_LANGUAGE, OPTIONAL, 0, NULL },
	{ "rel", PODCAST_CHOICE, OPTIONAL, 0, "captions" }, END
};
ATTRS chapters[] = {
	{ "url", PODCAST_URL, REQUIRED, 0, NULL },
	{ "type", PODCAST_TYPE, REQUIRED, 0, NULL }, END
};
ATTRS alternate[] = {
	{ "type", PODCAST_TYPE, REQUIRED, 0, NULL },
	{ "length", PODCAST_WHOLE, OPTIONAL, 0, NULL },
	{ "bitrate", PODCAST_DECIMAL, OPTIONAL, 0, NULL },
	{ "height", PODCAST_WHOLE, OPTIONAL, 0, NULL },
	{ "lang", PODCAST_LANGUAGE, OPTIONAL, 0, NULL },
	{ "title", PODCAST_TEXT, OPTIONAL, 32, NULL },
	{ "rel", PODCAST_TEXT, OPTIONAL, 32, NULL },
	{ "codecs", PODCAST_TEXT, OPTIONAL, 0, NULL },
	{ "default", PODCAST_BOOL, OPTIONAL, 0, NULL }, END
};
ATTRS source[] = {
	{ "uri", PODCAST_URI, REQUIRED, 0, NULL },
	{ "contentType", PODCAST_TYPE, OPTIONAL, 0, NULL }, END
};
ATTRS integrity[] = {
	{ "type", PODCAST_CHOICE, REQUIRED, 0, "sri pgp-signature" },
	{ "value", PODCAST_TEXT, REQUIRED, 0, NULL }, END
};
/* Of a live item; RSS 2.0 and Apple's. */
ATTRS guid[] = { { "isPermaLink", PODCAST_BOOL, OPTIONAL, 0, NULL }, END };
ATTRS enclosure[] = {
	{ "url", PODCAST_URL, REQUIRED, 0, NULL },
	{ "type", PODCAST_TYPE, REQUIRED, 0, NULL },
	{ "length", PODCAST_WHOLE, REQUIRED, 0, NULL }, END
};
ATTRS href[] = { { "href", PODCAST_URL, REQUIRED, 0, NULL }, END };
ATTRS none[] = { END };

const struct podcast_def podcast_defs[] = {
	{ "podcast:locked", IN_CHANNEL, true,
	    { "text", PODCAST_YES_NO, REQUIRED, 0, NULL }, locked, NULL, NULL },
	{ "podcast:funding", IN_ANY, false, TEXT(OPTIONAL, 128), url, NULL,
	    NULL },
	{ "podcast:medium", IN_CHANNEL, true,
	    { "text", PODCAST_CHOICE, REQUIRED, 0, MEDIA }, none, NULL, NULL },
	{ "podcast:block", IN_CHANNEL, false,
	    { "text", PODCAST_YES_NO, REQUIRED, 0, NULL }, block, NULL, NULL },
	{ "podcast:txt", IN_ANY, false, TEXT(REQUIRED, 4000), purpose, NULL,
	    NULL },
	{ "podcast:podping", IN_CHANNEL, true, NO_TEXT, podping, NULL, NULL },
	{ "podcast:podroll", IN_CHANNEL, true, NO_TEXT, none,
	    "podcast:remoteItem", NULL },
	{ "podcast:publisher", IN_CHANNEL, true, NO_TEXT, none,
	    "podcast:remoteItem", NULL },
	{ "podcast:remoteItem", IN_CHANNEL, false, NO_TEXT, remote, NULL,
	    NULL },
	{ "podcast:updateFrequency", IN_CHANNEL, true, TEXT(REQUIRED, 128),
	    update, NULL, NULL },
	{ "podcast:trailer", IN_CHANNEL, false, TEXT(REQUIRED, 128), trailer,
	    NULL, NULL },
	{ "podcast:location", IN_ANY, false, TEXT(REQUIRED, 128), location,
	    NULL, NULL },
	{ "podcast:license", IN_ANY, true,
	    { "text", PODCAST_LICENSE, REQUIRED, 128, NULL }, license, NULL,
	    NULL },
	{ "podcast:value", IN_ANY, false, NO_TEXT, value,
	    "podcast:valueRecipient podcast:valueTimeSplit", NULL },
	{ "podcast:valueRecipient", 0, false, NO_TEXT, recipient, NULL, NULL },
	{ "podcast:valueTimeSplit", 0, false, NO_TEXT, time_split,
	    "podcast:remoteItem podcast:valueRecipient", NULL },
	{ "podcast:image", IN_ANY, false, NO_TEXT, image, NULL, NULL },
	{ "podcast:images", IN_ANY, true, NO_TEXT, images, NULL, NULL },
	{ "podcast:socialInteract", IN_ANY, false, NO_TEXT, social, NULL,
	    NULL },
	{ "podcast:chat", IN_ANY, true, NO_TEXT, chat, NULL, NULL },
	{ "podcast:soundbite", IN_ITEM | IN_LIVE, false, TEXT(OPTIONAL, 128),
	    soundbite, NULL, NULL },
	{ "podcast:season", IN_ITEM | IN_LIVE, true,
	    { "text", PODCAST_WHOLE, REQUIRED, 0, NULL }, season, NULL, NULL },
	{ "podcast:episode", IN_ITEM | IN_LIVE, true,
	    { "text", PODCAST_DECIMAL, REQUIRED, 0, NULL }, episode, NULL,
	    NULL },
	{ "podcast:contentLink", IN_ITEM | IN_LIVE, false, TEXT(REQUIRED, 0),
	    content_link, NULL, NULL },
	{ "podcast:liveItem", IN_CHANNEL, false, NO_TEXT, live,
	    "title link guid description pubDate author enclosure "
	    "itunes:image itunes:explicit itunes:duration", NULL },
	/* Where a live item is concerned there is no other way to say it. */
	{ "podcast:person", IN_LIVE, false, TEXT(REQUIRED, 128), person, NULL,
	    "hosts, guests or people" },
	{ "podcast:transcript", IN_LIVE, false, NO_TEXT, transcript, NULL,
	    "transcripts" },
	{ "podcast:chapters", IN_LIVE, true, NO_TEXT, chapters, NULL,
	    "chapters" },
	{ "podcast:alternateEnclosure", IN_LIVE, false, NO_TEXT, alternate,
	    "podcast:source podcast:integrity", "audio, as a list of files" },
	{ "podcast:guid", 0, true, NO_TEXT, none, NULL, "guid" },
	{ "podcast:source", 0, false, NO_TEXT, source, NULL, NULL },
	{ "podcast:integrity", 0, true, NO_TEXT, integrity, NULL, NULL },
	{ "title", 0, true, TEXT(REQUIRED, 0), none, NULL, NULL },
	{ "link", 0, true, { "text", PODCAST_URL, REQUIRED, 0, NULL }, none,
	    NULL, NULL },
	{ "guid", 0, true, TEXT(REQUIRED, 0), guid, NULL, NULL },
	{ "description", 0, true, TEXT(REQUIRED, 0), none, NULL, NULL },
	{ "pubDate", 0, true, { "text", PODCAST_DATE, REQUIRED, 0, NULL },
	    none, NULL, NULL },
	{ "author", 0, true, TEXT(REQUIRED, 0), none, NULL, NULL },
	{ "enclosure", 0, true, NO_TEXT, enclosure, NULL, NULL },
	{ "itunes:image", 0, true, NO_TEXT, href, NULL, NULL },
	{ "itunes:explicit", 0, true,
	    { "text", PODCAST_BOOL, REQUIRED, 0, NULL }, none, NULL, NULL },
	{ "itunes:duration", 0, true,
	    { "text", PODCAST_SECONDS, REQUIRED, 0, NULL }, none, NULL, NULL },
};

const size_t podcast_ndefs = sizeof(podcast_defs) / sizeof(podcast_defs[0]);
