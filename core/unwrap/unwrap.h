/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_UNWRAP_UNWRAP_H
#define TW_UNWRAP_UNWRAP_H

#include "base/buffer.h"

/*
 * What carrier messages come wrapped in: archives (zip, tar), compression (gzip), mail
 * (MIME, mbox), cryptographic messages (S/MIME, CMS), EBCDIC, one in the other. Bytes are fed as they come; what comes out is members, one after the
 * other: a member begins, its bytes follow, it ends. What a stream is, its bytes
 * decide, never a file name. Nothing exists whole: each layer holds a window of at
 * most TW_UNWRAP_WINDOW bytes and its own tables. One thread at a time.
 *
 * Who knows more than the bytes say, as whoever took an AS2 body out of HTTP, sets
 * `mime` and feeds the header fields first (Content-Type, Content-Transfer-Encoding,
 * Content-Disposition; what else there is is passed over), an empty line, and the body.
 *
 * Weakness: an archive that is read from its front shows what its directory at the
 * end may have deleted. The preamble of a multipart (RFC 2046, 5.1.1: a note to old
 * readers, to be ignored) is not looked into. Header fields of a mail are read for what
 * they say of its parts, and go no further. Signatures are passed over, not verified.
 */
struct tw_unwrap;
struct tw_unwrap_keys;

#define TW_UNWRAP_WINDOW ((size_t)262144)
#define TW_UNWRAP_LAYERS 16u	   /* as deep as a configuration may allow */
#define TW_UNWRAP_NAME ((size_t)255) /* longest name of a layer; longer ones are cut */

struct tw_unwrap_settings {
	unsigned layers; /* how many wrappings in each other are opened; at most TW_UNWRAP_LAYERS */
	double ratio;	 /* bytes out for each byte stored, and 1 MiB; 0: no limit */
	uint64_t bytes;	 /* bytes out of one compressed stream; 0: no limit */
	const struct tw_unwrap_keys *keys; /* to decrypt with; NULL: what is encrypted is opaque */
	uint64_t decrypted; /* bytes of an encrypted message that are decrypted at once, at most */
	const char *ebcdic; /* code page of interchanges that begin in EBCDIC; NULL: left as they are */
	bool mime;	 /* the stream begins with MIME header fields, whatever it looks like */
};

/* What a mail carries beside messages: that no parser knows it is no surprise. */
enum tw_unwrap_beside {
	TW_UNWRAP_CARGO,   /* nothing of the kind: a message, or it should be one */
	TW_UNWRAP_PROSE,   /* text for people */
	TW_UNWRAP_PICTURE, /* an image that is shown in it */
};

enum tw_unwrap_what {
	TW_UNWRAP_MORE,	   /* feed more, then ask again */
	TW_UNWRAP_MEMBER,  /* a member begins: `layers` */
	TW_UNWRAP_BYTES,   /* of the open member */
	TW_UNWRAP_PROBLEM, /* `code`, `bytes` has the reason; of the open member, else of the wrapping itself */
	/* `skipped` bytes are missing here: of the open member, which may go on, else of the wrapping. */
	TW_UNWRAP_GAP,
	TW_UNWRAP_END,	   /* the open member ends */
	TW_UNWRAP_DONE,	   /* and the whole stream */
};

/* What it points to is good until the next call. */
struct tw_unwrap_event {
	enum tw_unwrap_what what;
	struct tw_slice bytes;
	const char *code;	   /* of anomalies.def */
	uint64_t offset, skipped;  /* of a problem: in the member's bytes, else in those of the wrapping */
	const char *const *layers; /* of a member, or of the wrapping a problem is in; outermost first, NULL at the end */
	bool whole;		   /* END: nothing of it is known to be missing; GAP: what follows can be read */
	bool opaque;		   /* MEMBER: its bytes cannot be had; a problem says why */
	enum tw_unwrap_beside beside; /* MEMBER */
};

/*
 * Whether these first bytes of a stream begin a wrapping: 1 yes, 0 no, negative:
 * more bytes are needed to tell (never with `end`, nor with TW_UNWRAP_WINDOW).
 */
int tw_unwrap_probe(struct tw_slice head, bool end);

int tw_unwrap_create(const struct tw_unwrap_settings *settings, struct tw_unwrap **ret_unwrap);
void tw_unwrap_free(struct tw_unwrap *unwrap);
/*
 * The stream goes on. `stored`: bytes that it took where it comes from, all in all,
 * which is fewer where it was compressed there; expansion is measured against it.
 * Bytes are copied; feed only what TW_UNWRAP_MORE asked for, at most
 * TW_UNWRAP_WINDOW at once. TW_OK or TW_ERROR_MEMORY.
 */
int tw_unwrap_feed(struct tw_unwrap *unwrap, struct tw_slice bytes, uint64_t stored);
/*
 * So many bytes of the stream are missing (at least one), and more may follow; to be called where
 * TW_UNWRAP_MORE asks for them. Behind the gap parts of a mail are found again by their delimiters, and
 * what is written as it is goes on; what is compressed, encrypted or in base64 ends.
 */
void tw_unwrap_gap(struct tw_unwrap *unwrap, uint64_t length);
/* Nothing more follows. `cut`: it ended too early, which is not to be reported again. */
void tw_unwrap_finish(struct tw_unwrap *unwrap, bool cut);
/* TW_OK, or a negative status where memory is short. */
int tw_unwrap_next(struct tw_unwrap *unwrap, struct tw_unwrap_event *ret_event);

/* For whoever wants to be told: who takes the events, a negative status of whom ends it. */
struct tw_unwrap_taker {
	int (*take)(void *context, const struct tw_unwrap_event *event);
	void *context;
};
/* All that comes before more bytes are asked for. */
int tw_unwrap_drain(struct tw_unwrap *unwrap, struct tw_unwrap_taker taker);
/* Feeds bytes that are stored as they are, however many; *stored counts them. */
int tw_unwrap_push(struct tw_unwrap *unwrap, struct tw_slice bytes, uint64_t *stored,
		   struct tw_unwrap_taker taker);

#endif
