/*
 * Writing front matter: values as YAML that front_read() reads back as the
 * same text, and that a person would write.
 */
#ifndef TEXT_FRONT_WRITE_H
#define TEXT_FRONT_WRITE_H

#include <stddef.h>

#include "base/buf.h"

/* One value of a key or list: as it stands where YAML takes it for the same
 * text, else in double quotes. text is valid UTF-8. */
void front_write_text(struct buf *out, const char *text);

/* XML elements as a literal block: "|", and each line on one of its own,
 * indented by two blanks. Characters that YAML cannot hold or would change
 * become references, which say the same in XML. Blanks around it go; it must
 * not be empty. */
void front_write_xml(struct buf *out, const char *xml);

#endif
