/**
 * Files and folders that only their owner may read, whatever the umask: they hold customers' data.
 *
 * <p>In go paths of what this program makes; out come files of mode 0600 and folders of mode 0700. What a user made stays
 * as it is. Where there are no such modes (Windows), nothing is done.
 */
@NullMarked
package io.github.ticketcaravan.files;

import org.jspecify.annotations.NullMarked;
