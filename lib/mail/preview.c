#include "mail/preview.h"

#include <string.h>
#include <strings.h>

#include "mail/digest.h"
#include "mail/head.h"
#include "mail/lint.h"
#include "text/html.h"
#include "text/utf8.h"

/* What the mail itself loads, and nothing of ours: no scripts, no forms. */
static const char before[] =
"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
"<meta name=\"color-scheme\" content=\"light dark\">\n"
"<meta name=\"referrer\" content=\"no-referrer\">\n"
"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
"style-src 'unsafe-inline' http: https:; img-src http: https: data:; "
"font-src http: https: data:; form-action 'none'\">\n";

static const char style[] =
"<style>\n"
":root { color-scheme: light dark; --page: #f4f4f1; --card: #ffffff;"
" --ink: #1c1c1e; --muted: #5b5b63; --line: #dddcd5; --bar: #1f5fa8;"
" --error: #a3201a; --warning: #7a5200; --fine: #1d6b35 }\n"
"@media (prefers-color-scheme: dark) { :root { --page: #131315;"
" --card: #1e1e21; --ink: #ececee; --muted: #a9a9b2; --line: #3a3a40;"
" --bar: #7ab0ee; --error: #ff9c94; --warning: #eac26b; --fine: #85d39c } }\n"
"* { box-sizing: border-box }\n"
"body { margin: 0 auto; padding: 24px; max-width: 1760px;"
" background: var(--page); color: var(--ink);"
" font: 16px/1.5 'Segoe UI', Roboto, Helvetica, Arial, sans-serif }\n"
"h1 { margin: 0; font-size: 26px; line-height: 1.3 }\n"
"h2 { margin: 0 0 12px; font-size: 18px }\n"
"h3 { margin: 0 0 2px; font-size: 15px }\n"
"p { margin: 0 } a { color: var(--bar) }\n"
".muted { color: var(--muted) } .small { font-size: 14px }\n"
".verdict { margin: 4px 0 20px; color: var(--muted) }\n"
".cards { display: grid; gap: 20px;"
" grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)) }\n"
"section { margin: 0 0 20px; padding: 20px; background: var(--card);"
" border: 1px solid var(--line); border-radius: 10px; min-width: 0 }\n"
".cards section { margin: 0 }\n"
".row { display: flex; gap: 12px; padding: 10px 12px; margin: 4px 0 14px;"
" border: 1px solid var(--line); border-radius: 6px; white-space: nowrap;"
" overflow: hidden; font-size: 15px }\n"
".row b { flex: none; max-width: 30%; overflow: hidden;"
" text-overflow: ellipsis }\n"
".row span { flex: 1; overflow: hidden; text-overflow: ellipsis }\n"
".small-row { display: block; max-width: 360px }\n"
".row.small-row > * { display: block; max-width: none;"
" overflow: hidden; text-overflow: ellipsis }\n"
"table { width: 100%; border-collapse: collapse }\n"
"th, td { padding: 5px 12px 5px 0; text-align: start; vertical-align: top;"
" border-bottom: 1px solid var(--line); font-weight: normal }\n"
"td:last-child { text-align: end; font-variant-numeric: tabular-nums;"
" padding-inline-end: 0; white-space: nowrap }\n"
".meter { height: 8px; margin: 14px 0 6px; border-radius: 4px;"
" background: var(--line); overflow: hidden }\n"
".meter div { height: 8px; background: var(--bar) }\n"
".findings { margin: 0; padding: 0; list-style: none }\n"
".findings li { padding: 8px 0; border-bottom: 1px solid var(--line);"
" overflow-wrap: anywhere }\n"
".error { color: var(--error) } .warning { color: var(--warning) }\n"
".fine { color: var(--fine) }\n"
"code, pre { font: 13px/1.5 ui-monospace, Menlo, Consolas, monospace }\n"
".frames { display: flex; flex-wrap: wrap; gap: 24px; align-items: start }\n"
"figure { margin: 0; max-width: 100%; overflow-x: auto }\n"
"figcaption { margin: 0 0 8px; max-width: 662px } .narrow figcaption {"
" width: 362px; max-width: 100% }\n"
"iframe { display: block; border: 1px solid var(--line); border-radius: 8px;"
" background: #ffffff; width: 662px; height: 780px }\n"
".narrow iframe { width: 362px; height: 780px; border-radius: 18px }\n"
"figure pre { width: 662px; max-width: 100%; height: 780px; margin: 0;"
" padding: 16px; overflow: auto; white-space: pre-wrap;"
" overflow-wrap: anywhere; unicode-bidi: plaintext;"
" border: 1px solid var(--line); border-radius: 8px }\n"
".fields { margin: 0; overflow-x: auto; white-space: pre-wrap;"
" overflow-wrap: anywhere }\n"
":focus-visible { outline: 3px solid var(--bar); outline-offset: 2px }\n"
"@media (max-width: 480px) { body { padding: 12px }"
" section { padding: 14px } }\n"
"@media print { iframe, figure pre { height: 1000px } }\n"
"</style>\n</head>\n<body>\n";

static void
text(struct buf *out, const char *s)
{
	markup_escape(out, s, strlen(s));
}

/* "21,345" */
static void
number(struct buf *out, size_t n)
{
	char digits[32];
	size_t i = sizeof(digits), k = 0;

	digits[--i] = '\0';
	do {
		if (k > 0 && k % 3 == 0)
			digits[--i] = ',';
		digits[--i] = (char)('0' + n % 10);
		k++;
	} while ((n /= 10) > 0);
	buf_adds(out, digits + i);
}

/* ---- the head ---- */

static size_t
count(const struct preview *p, enum severity severity)
{
	size_t i, n = 0;

	for (i = 0; i < p->nfindings; i++)
		n += p->findings[i].severity == severity;
	return n;
}

static void
head(const struct preview *p, struct buf *out)
{
	size_t errors = count(p, SEV_ERROR);
	size_t warnings = count(p, SEV_WARNING);

	buf_adds(out, before);
	buf_adds(out, "<title>");
	text(out, p->subject);
	buf_adds(out, "</title>\n");
	buf_adds(out, style);
	buf_adds(out, "<header>\n<h1><bdi>");
	text(out, p->subject);
	buf_adds(out, "</bdi></h1>\n<p class=\"verdict\"><bdi>");
	text(out, p->show);
	buf_adds(out, "</bdi>, edition ");
	text(out, p->edition);
	if (p->to != NULL) {
		buf_adds(out, ", as <bdi>");
		text(out, p->to);
		buf_adds(out, "</bdi> would get it");
	}
	buf_addf(out, ": <b class=\"%s\">%zu error%s, %zu warning%s</b></p>\n"
	    "</header>\n<main>\n", errors > 0 ? "error" : warnings > 0 ?
	    "warning" : "fine", errors, errors == 1 ? "" : "s", warnings,
	    warnings == 1 ? "" : "s");
}

/* ---- in a list of mails ---- */

static void
row(const struct preview *p, const char *class, struct buf *out)
{
	buf_addf(out, "<div class=\"%s\"><b dir=\"auto\">", class);
	text(out, p->from);
	buf_adds(out, "</b> <span dir=\"auto\"><strong>");
	text(out, p->subject);
	buf_adds(out, strchr(class, ' ') != NULL ? "</strong></span> "
	    "<span class=\"muted\" dir=\"auto\">" :
	    "</strong> <span class=\"muted\">&ndash; ");
	text(out, p->row);
	buf_adds(out, strchr(class, ' ') != NULL ? "</span></div>\n" :
	    "</span></span></div>\n");
}

static void
inbox(const struct preview *p, struct buf *out)
{
	size_t n = utf8_count(p->subject);

	buf_adds(out, "<section>\n<h2>In a list of mails</h2>\n"
	    "<h3 class=\"muted\">Desktop</h3>\n");
	row(p, "row", out);
	buf_adds(out, "<h3 class=\"muted\">Phone</h3>\n");
	row(p, "row small-row", out);
	buf_addf(out, "<p class=\"small\">The subject has %zu character%s; "
	    "lists show %d at the most, those of phones about 40. ", n,
	    n == 1 ? "" : "s", LINT_SUBJECT_MAX);
	n = utf8_count(p->preheader);
	if (n == 0)
		buf_adds(out, "There is no preheader: behind it stands how the "
		    "mail begins.");
	else
		buf_addf(out, "The preheader behind it has %zu.", n);
	buf_adds(out, "</p>\n</section>\n");
}

/* ---- sizes ---- */

static void
size(struct buf *out, const char *what, size_t n)
{
	buf_addf(out, "<tr><th scope=\"row\">%s</th><td>", what);
	number(out, n);
	buf_adds(out, " bytes</td></tr>\n");
}

static void
sizes(const struct preview *p, struct buf *out)
{
	size_t html = strlen(p->html), share = html * 100 / LINT_CLIP;

	buf_adds(out, "<section>\n<h2>Size</h2>\n<table>\n");
	size(out, "HTML part", html);
	size(out, "Text part", strlen(p->text));
	size(out, "Whole message, as it is sent", p->message_len);
	buf_addf(out, "</table>\n<div class=\"meter\" aria-hidden=\"true\">"
	    "<div style=\"width:%zu%%\"></div></div>\n<p class=\"small\">The "
	    "HTML part is %zu %% of the 102 KB (", share > 100 ? 100 : share,
	    share);
	number(out, LINT_CLIP);
	buf_adds(out, html > LINT_CLIP ? " bytes) that Gmail shows: <b "
	    "class=\"error\">it hides the rest.</b></p>\n" :
	    " bytes) that Gmail shows.</p>\n");
	buf_adds(out, "</section>\n");
}

/* ---- findings ---- */

static void
finding(const struct finding *f, struct buf *out)
{
	static const char *const words[] = { "note", "warning", "error" };

	buf_addf(out, "<li><b class=\"%s\">%s:</b> <span dir=\"auto\">",
	    words[f->severity], words[f->severity]);
	text(out, f->text);
	buf_adds(out, "</span> <span class=\"muted small\">");
	if (f->file != NULL) {
		buf_adds(out, "<bdi>");
		text(out, f->file);
		if (f->line > 0)
			buf_addf(out, ":%u", f->line);
		buf_adds(out, "</bdi> ");
	}
	if (f->rule != NULL) {
		buf_addc(out, '[');
		text(out, f->rule);
		buf_addc(out, ']');
	}
	buf_adds(out, "</span></li>\n");
}

static void
findings(const struct preview *p, struct buf *out)
{
	int severity;
	size_t i;

	buf_adds(out, "<section>\n<h2>What was found</h2>\n");
	if (p->nfindings == 0)
		buf_adds(out, "<p class=\"fine\">Nothing is wrong with it, as "
		    "far as can be seen from here.</p>\n");
	else
		buf_adds(out, "<ul class=\"findings\">\n");
	for (severity = SEV_ERROR; severity >= SEV_INFO; severity--)
		for (i = 0; i < p->nfindings; i++)
			if ((int)p->findings[i].severity == severity)
				finding(&p->findings[i], out);
	if (p->nfindings > 0)
		buf_adds(out, "</ul>\n");
	for (i = 0; i < p->nasked; i++) {
		buf_adds(out, "<p class=\"small muted\">");
		text(out, p->asked[i]);
		buf_adds(out, "</p>\n");
	}
	buf_adds(out, "</section>\n");
}

/* ---- frames ---- */

/* A frame that is wider than the screen begins on the side that the mail's
 * lines begin on. */
static const char *
direction(const char *html)
{
	const char *tag = strcasestr(html, "<html");
	size_t len = tag == NULL ? 0 : strcspn(tag, ">");

	return len > 0 && memmem(tag, len, "dir=\"rtl\"",
	    strlen("dir=\"rtl\"")) != NULL ? " dir=\"rtl\"" : "";
}

static void
frame(const char *html, const char *class, const char *name,
    const char *note, enum preview_view view, struct buf *out)
{
	struct buf copy;

	buf_init(&copy, 0);
	preview_copy(html, view, &copy);
	buf_addf(out, "<figure%s%s>\n<figcaption dir=\"ltr\"><h3>%s</h3>"
	    "<p class=\"small muted\">%s</p></figcaption>\n<iframe title=\""
	    "%s\" sandbox=\"allow-popups allow-popups-to-escape-sandbox\" "
	    "srcdoc=\"", class, direction(html), name, note, name);
	markup_escape(out, copy.data, copy.len);
	buf_adds(out, "\"></iframe>\n</figure>\n");
	buf_release(&copy);
}

static void
html_frames(const char *html, bool along, struct buf *out)
{
	bool has_dark = strcasestr(html, "prefers-color-scheme") != NULL;

	frame(html, "", "Desktop", "660 pixels wide", PREVIEW_LIGHT, out);
	frame(html, " class=\"narrow\"", "Phone", "360 pixels wide",
	    PREVIEW_LIGHT, out);
	frame(html, "", "Dark", has_dark ? "An emulation: this copy takes the "
	    "mail&rsquo;s rules for dark screens as true" : "The mail has no "
	    "rules for dark screens: this is how it stays where a program "
	    "changes nothing", PREVIEW_DARK, out);
	frame(html, " class=\"narrow\"", "Phone, dark", has_dark ?
	    "An emulation, as beside it" : "It has no rules for dark screens",
	    PREVIEW_DARK, out);
	frame(html, "", "Pictures off", along ? "An emulation: this copy "
	    "may load no pictures, as in many programs before one is asked; "
	    "those that go along are there" : "An emulation: this copy may "
	    "load no pictures, as in many programs before one is asked",
	    PREVIEW_NO_PICTURES, out);
}

static void
frames(const struct preview *p, struct buf *out)
{
	struct buf html;
	bool along;

	buf_adds(out, "<section>\n<h2>As it is read</h2>\n"
	    "<div class=\"frames\">\n");
	buf_init(&html, 0);
	along = preview_inline(p->message, p->message_len, &html);
	html_frames(along ? html.data : p->html, along, out);
	buf_release(&html);
	buf_adds(out, "<figure>\n<figcaption><h3>Text</h3><p class=\"small "
	    "muted\">The other part, for programs and people without HTML</p>"
	    "</figcaption>\n<pre dir=\"auto\" tabindex=\"0\" role=\"region\" "
	    "aria-label=\"Text\">\n");
	text(out, p->text);
	buf_adds(out, "</pre>\n</figure>\n</div>\n</section>\n");
}

/* ---- header fields ---- */

static void
fields(const struct preview *p, struct buf *out)
{
	size_t n = head_size(p->message, p->message_len), i, from = 0;

	buf_adds(out, "<section>\n<h2>Header fields</h2>\n<pre class=\"fields\""
	    " dir=\"ltr\">\n");
	for (i = 0; i <= n; i++)
		if (i == n || p->message[i] == '\r') {
			markup_escape(out, p->message + from, i - from);
			from = i + 1;
		}
	buf_adds(out, "</pre>\n</section>\n</main>\n<footer class=\"small "
	    "muted\">\n<p>The frames show copies of the HTML; its bytes are "
	    "in digest.html and digest.eml as they are sent. Dark screens and "
	    "pictures that are off are emulated in the copies. What programs "
	    "do by themselves is not shown: Gmail and Outlook change colours "
	    "on dark screens, and Outlook on Windows lays mail out as Word "
	    "does. Pictures that do not go along in the message come from "
	    "the web, as the mail has them.</p>\n</footer>\n</body>\n"
	    "</html>\n");
}

void
preview_page(const struct preview *p, struct buf *out)
{
	head(p, out);
	buf_adds(out, "<div class=\"cards\">\n");
	inbox(p, out);
	sizes(p, out);
	buf_adds(out, "</div>\n<div style=\"height:20px\"></div>\n");
	findings(p, out);
	frames(p, out);
	fields(p, out);
}
