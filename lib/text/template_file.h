/*
 * Templates in a folder, with their partials beside them.
 */
#ifndef TEXT_TEMPLATE_FILE_H
#define TEXT_TEMPLATE_FILE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "text/template.h"

/* Renders the file of that name in folder behind what out holds; strict (see
 * text/template.h). A partial NAME is NAME.html or, without escaping, NAME.txt
 * in the folder. ERR_CONFIG with file and line, rule "template"; else as
 * template_render(). */
int template_file_render(struct arena *a, const char *folder, const char *name,
    enum template_escape escape, const struct node *data, struct buf *out,
    struct err *err);

#endif
