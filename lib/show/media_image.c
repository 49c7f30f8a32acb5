#include "show/media_image.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

/* What a chunk in front of the pixels may unpack to: a profile is larger than
 * this only in order to do harm. */
#define CHUNK_MAX ((png_alloc_size_t)1 << 20)
#define CHUNKS_MAX 64
#define SIDE_MAX 1000000

/* libjpeg ends the program at an error unless told otherwise. */
struct jpeg_trap {
	struct jpeg_error_mgr manager;
	jmp_buf out;
};

static void
jpeg_fails(j_common_ptr jpeg)
{
	struct jpeg_trap *trap = (struct jpeg_trap *)jpeg->err;

	longjmp(trap->out, 1);
}

static void
jpeg_says(j_common_ptr jpeg, int level)
{
	(void)jpeg;
	(void)level;
}

static bool
jpeg_head(const unsigned char *data, size_t len, struct media_art *out)
{
	struct jpeg_decompress_struct jpeg;
	struct jpeg_trap trap;

	memset(&jpeg, 0, sizeof(jpeg));
	jpeg.err = jpeg_std_error(&trap.manager);
	trap.manager.error_exit = jpeg_fails;
	trap.manager.emit_message = jpeg_says;
	if (setjmp(trap.out) != 0) {
		jpeg_destroy_decompress(&jpeg);
		return false;
	}
	jpeg_create_decompress(&jpeg);
	jpeg_mem_src(&jpeg, data, len);
	jpeg_read_header(&jpeg, TRUE);
	out->width = jpeg.image_width;
	out->height = jpeg.image_height;
	out->channels = (unsigned)jpeg.num_components;
	out->grey = jpeg.jpeg_color_space == JCS_GRAYSCALE;
	out->cmyk = jpeg.jpeg_color_space == JCS_CMYK ||
	    jpeg.jpeg_color_space == JCS_YCCK;
	jpeg_destroy_decompress(&jpeg);
	memcpy(out->type, "image/jpeg", sizeof("image/jpeg"));
	return true;
}

struct png_input {
	const unsigned char *data;
	size_t len, at;
};

static void
png_give(png_structp png, png_bytep to, size_t len)
{
	struct png_input *in = png_get_io_ptr(png);

	if (len > in->len - in->at)
		png_error(png, "ends early");
	memcpy(to, in->data + in->at, len);
	in->at += len;
}

static void
png_fails(png_structp png, png_const_charp why)
{
	(void)why;
	png_longjmp(png, 1);
}

static void
png_warns(png_structp png, png_const_charp why)
{
	(void)png;
	(void)why;
}

/* The first chunk tells all but whether a colour is transparent: what fails
 * behind it, or is not there, does not matter. */
static void
png_head(png_structp png, png_infop info, struct png_input *in)
{
	if (setjmp(png_jmpbuf(png)) != 0)
		return;
	png_set_user_limits(png, SIDE_MAX, SIDE_MAX);
	png_set_chunk_malloc_max(png, CHUNK_MAX);
	png_set_chunk_cache_max(png, CHUNKS_MAX);
	png_set_read_fn(png, in, png_give);
	png_read_info(png, info);
}

static bool
png_facts(const unsigned char *data, size_t len, struct media_art *out)
{
	struct png_input in = { .data = data, .len = len };
	png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL,
	    png_fails, png_warns);
	png_infop info = png != NULL ? png_create_info_struct(png) : NULL;
	int colours;

	if (info != NULL) {
		png_head(png, info, &in);
		out->width = png_get_image_width(png, info);
		out->height = png_get_image_height(png, info);
		colours = png_get_color_type(png, info);
		out->grey = (colours & PNG_COLOR_MASK_COLOR) == 0;
		out->alpha = (colours & PNG_COLOR_MASK_ALPHA) != 0 ||
		    png_get_valid(png, info, PNG_INFO_tRNS) != 0;
		out->channels = colours == PNG_COLOR_TYPE_PALETTE ? 3 :
		    png_get_channels(png, info);
		memcpy(out->type, "image/png", sizeof("image/png"));
	}
	png_destroy_read_struct(&png, &info, NULL);
	return out->width != 0 && out->height != 0;
}

int
media_image_head(const void *data, size_t len, struct media_art *out,
    struct err *err)
{
	bool ok;

	memset(out, 0, sizeof(*out));
	if (len > 3 && memcmp(data, "\xff\xd8\xff", 3) == 0)
		ok = jpeg_head(data, len, out);
	else if (len > 8 && memcmp(data, "\x89PNG\r\n\x1a\n", 8) == 0)
		ok = png_facts(data, len, out);
	else
		return err_set(err, ERR_INPUT, "is neither JPEG nor PNG");
	if (!ok) {
		memset(out, 0, sizeof(*out));
		return err_set(err, ERR_INPUT, "is a damaged or cut picture: "
		    "its size cannot be read");
	}
	out->bytes = (int64_t)len;
	return 0;
}
