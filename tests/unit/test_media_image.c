/*
 * Heads of pictures, made here by libjpeg and libpng: kinds of colour, cut
 * after the head, damaged.
 */
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>
#include <png.h>

#include "media_fixture.h"
#include "show/media_image.h"

static size_t
jpeg(unsigned width, unsigned height, J_COLOR_SPACE space, int channels,
    unsigned char **out)
{
	struct jpeg_compress_struct j;
	struct jpeg_error_mgr e;
	unsigned char *row = xcalloc((size_t)width, (size_t)channels);
	unsigned long size = 0;

	*out = NULL;
	memset(&j, 0, sizeof(j));
	j.err = jpeg_std_error(&e);
	jpeg_create_compress(&j);
	jpeg_mem_dest(&j, out, &size);
	j.image_width = width;
	j.image_height = height;
	j.input_components = channels;
	j.in_color_space = space;
	jpeg_set_defaults(&j);
	jpeg_start_compress(&j, TRUE);
	while (j.next_scanline < height)
		jpeg_write_scanlines(&j, &row, 1);
	jpeg_finish_compress(&j);
	jpeg_destroy_compress(&j);
	free(row);
	return size;
}

static void
jpegs(void **state)
{
	static const struct {
		J_COLOR_SPACE space;
		int channels;
		bool grey, cmyk;
	} cases[] = {
		{ JCS_RGB, 3, false, false }, { JCS_GRAYSCALE, 1, true, false },
		{ JCS_CMYK, 4, false, true }
	};
	struct media_art art;
	struct err err = ERR_INIT;
	unsigned char *data;
	size_t i, len;

	(void)state;
	for (i = 0; i < SIZE(cases); i++) {
		len = jpeg(1400, 300, cases[i].space, cases[i].channels,
		    &data);
		assert_int_equal(media_image_head(data, len, &art, &err), 0);
		assert_string_equal(art.type, "image/jpeg");
		assert_int_equal(art.width, 1400);
		assert_int_equal(art.height, 300);
		assert_int_equal(art.channels, cases[i].channels);
		assert_int_equal(art.grey, cases[i].grey);
		assert_int_equal(art.cmyk, cases[i].cmyk);
		assert_false(art.alpha);
		assert_int_equal(art.bytes, len);
		/* The head is enough; less is not. */
		assert_int_equal(media_image_head(data, 700, &art, &err), 0);
		assert_int_equal(art.width, 1400);
		assert_int_equal(media_image_head(data, 30, &art, &err), -1);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_int_equal(art.width, 0);
		free(data);
	}
}

static void
pngs(void **state)
{
	static const struct {
		png_uint_32 format;
		unsigned channels;
		bool grey, alpha;
	} cases[] = {
		{ PNG_FORMAT_RGB, 3, false, false },
		{ PNG_FORMAT_RGBA, 4, false, true },
		{ PNG_FORMAT_GRAY, 1, true, false },
		{ PNG_FORMAT_GA, 2, true, true }
	};
	static unsigned char pixels[40 * 30 * 4], data[20000];
	struct media_art art;
	struct err err = ERR_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(cases); i++) {
		png_image image = { .version = PNG_IMAGE_VERSION, .width = 40,
			.height = 30, .format = cases[i].format };
		png_alloc_size_t len = sizeof(data);

		assert_true(png_image_write_to_memory(&image, data, &len, 0,
		    pixels, 0, NULL));
		assert_int_equal(media_image_head(data, len, &art, &err), 0);
		assert_string_equal(art.type, "image/png");
		assert_int_equal(art.width, 40);
		assert_int_equal(art.height, 30);
		assert_int_equal(art.channels, cases[i].channels);
		assert_int_equal(art.grey, cases[i].grey);
		assert_int_equal(art.alpha, cases[i].alpha);
		assert_false(art.cmyk);
		assert_int_equal(media_image_head(data, 34, &art, &err), 0);
		assert_int_equal(art.height, 30);
		assert_int_equal(media_image_head(data, 20, &art, &err), -1);
		/* A head whose sum is wrong is not believed. */
		data[19]++;
		assert_int_equal(media_image_head(data, len, &art, &err), -1);
		assert_int_equal(art.width, 0);
	}
}

static void
others(void **state)
{
	struct media_art art;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(media_image_head("GIF89a\1\0\1\0", 10, &art, &err),
	    -1);
	assert_string_equal(err.msg, "is neither JPEG nor PNG");
	assert_int_equal(media_image_head("", 0, &art, &err), -1);
	assert_int_equal(media_image_head("\xff\xd8\xff\xe0", 4, &art, &err),
	    -1);
}

/* Damage anywhere in the head: an answer or an error, never more. */
static void
damage(void **state)
{
	unsigned seed = (unsigned)getpid(), i, k;
	struct media_art art;
	struct err err = ERR_INIT;
	unsigned char *data, *copy;
	size_t len = jpeg(64, 64, JCS_RGB, 3, &data);

	(void)state;
	print_message("seed %u\n", seed);
	copy = xmalloc(len);
	for (i = 0; i < 5000; i++) {
		memcpy(copy, data, len);
		for (k = 0; k < 1 + i % 8; k++)
			copy[(unsigned)rand_r(&seed) % len] =
			    (unsigned char)rand_r(&seed);
		if (media_image_head(copy, len - (unsigned)rand_r(&seed) %
		    len, &art, &err) != 0)
			assert_int_equal(art.width, 0);
	}
	free(copy);
	free(data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(jpegs),
		TOLD_TEST(pngs),
		TOLD_TEST(others),
		TOLD_TEST(damage),
	};

	return cmocka_run_group_tests_name("media_image", tests, NULL, NULL);
}
