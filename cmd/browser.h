/*
 * Showing a file to the person at the screen.
 */
#ifndef CMD_BROWSER_H
#define CMD_BROWSER_H

/* Opens it in the browser that $BROWSER names (commands with colons between
 * them, in which %s stands for the address, else it goes behind), or by
 * xdg-open or open. Where none of them can be run the path is said, so that it
 * can be opened by hand: that is no error. */
void browser_open(const char *path);

#endif
