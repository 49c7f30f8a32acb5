/*
 * The names that the facts of an episode have in other people's trees: Hugo
 * (castanet among its themes), Jekyll, octopod, Eleventy (with its podcaster
 * plugin), Astro, podbard, staticforge. A fact's own name comes first but
 * where a site says something else by it.
 */
#include "show/fields.h"

const struct fields_alias fields_aliases[] = {
	{ "audio", "audio media_override audio_url audio_file audio_link "
	    "audio_src podcast_file podcast_url podcast_audio mp3_url mp3 "
	    "episode_audio episode_file media_url media_file audio.url "
	    "audio.src audio.file audio.mp3 audio.m4a audio.aac audio.ogg "
	    "episode.audio episode.url?media episode.filename?media "
	    "enclosure?media enclosure.url enclosure_url media.url "
	    "media.audio url?media file?media media?media "
	    "video_file?media" },
	{ "block", "block?bool itunes_block?bool" },
	{ "chapters", "chapters podcast_chapters chapters_url chapters_file "
	    "episode.chapters" },
	{ "date", "date publish_date pub_date published?date published_at "
	    "publication_date date_published release_date datum "
	    "episode.date" },
	{ "draft", "draft is_draft published?not upcoming?bool "
	    "status?draft" },
	{ "duration", "duration podcast_duration audio_length?span "
	    "itunes_duration "
	    "audio_duration duration_seconds episode_duration "
	    "episode.duration audio.duration enclosure.duration "
	    "itunes.duration length?clock" },
	{ "episode_type", "episode_type?kind itunes_episode_type?kind "
	    "podcast_type?kind episode.type?kind type?kind" },
	{ "expires", "expires expiry_date unpublish_date expiration_date" },
	{ "explicit", "explicit itunes_explicit is_explicit "
	    "podcast_explicit episode.explicit itunes.explicit" },
	{ "guests", "guests guest" },
	{ "guid", "guid episode_guid podcast_guid episode.guid uuid "
	    "id?word" },
	{ "guid_is_link", "guid_is_link" },
	{ "hosts", "hosts host" },
	{ "image", "image episode_image itunes_image image.url image.src "
	    "image.path image.feature images[0] images[0].url images[0].src "
	    "cover cover.image cover.url cover.src cover_image header_image "
	    "image_url artwork featured_image feature_image episode.image "
	    "hero_image thumbnail" },
	{ "itunes_title", "itunes_title episode.itunes_title" },
	{ "length", "length?size podcast_bytes audio_size audio_length?bytes "
	    "bytes file_size "
	    "enclosure_length episode_size audio_bytes size episode.size "
	    "audio.size audio.bytes enclosure.length filesize.mp3 "
	    "filesize.m4a" },
	{ "link", "link?page permalink?page canonical_url?page "
	    "canonical?page episode_url?page url?page" },
	{ "number", "number episode?number episode_number itunes_episode "
	    "podcast_episode episode_no episode_num episode.number "
	    "episode.episode_number episode_id?digits ep?number" },
	{ "people", "people" },
	{ "podcast_tags", "podcast_tags" },
	{ "season", "season season_number itunes_season podcast_season "
	    "episode.season episode.season_number" },
	{ "show", "show podcast series" },
	{ "slug", "slug?word" },
	{ "sponsor", "sponsor" },
	{ "subtitle", "subtitle itunes_subtitle episode.subtitle tagline" },
	{ "summary", "summary description excerpt itunes_summary "
	    "episode_description episode.description episode.excerpt "
	    "subtitle itunes_subtitle abstract teaser lead" },
	{ "tags", "tags keywords itunes_keywords categories category" },
	{ "title", "title episode_title episode.title headline name" },
	{ "transcripts", "transcripts transcript podcast_transcript "
	    "transcript_url transcript_file episode.transcript" },
	{ "type", "type?mime audio_type?mime mime_type?mime "
	    "enclosure_type?mime media_type?mime audio.type?mime "
	    "enclosure.type?mime" },
	{ "updated", "updated lastmod last_modified last_modified_at "
	    "updated_at updated_date date_modified modified" },
	{ "video", "video?url video_url?url youtube_url?url youtube?url "
	    "video.url?url" },
	{ "xml", "xml" },
};

const size_t fields_naliases =
    sizeof(fields_aliases) / sizeof(fields_aliases[0]);
