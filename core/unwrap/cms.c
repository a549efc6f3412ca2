/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "unwrap/ber.h"
#include "unwrap/inflate.h"
#include "unwrap/keys.h"

/*
 * Cryptographic messages (CMS, RFC 5652; CompressedData, RFC 3274), as S/MIME (RFC
 * 8551) carries them, or bare. Their ASN.1 is walked as it comes, definite lengths or
 * not, the content in one piece or in many, so that none of it exists whole:
 *
 *   ContentInfo    { contentType, [0] content }
 *   content        { version, ..., encapContentInfo { eContentType, [0] OCTET STRING }, ... }
 *
 * The content of SignedData, DigestedData, AuthenticatedData and CompressedData is a
 * member; certificates and signatures are passed over and not verified. What is
 * encrypted is opaque, unless there is a key: then it is collected, up to a limit, and
 * decrypted.
 */
#define DEPTH 32u
#define ZLIB 15

enum type { DATA, SIGNED, DIGESTED, AUTHENTICATED, COMPRESSED, ENVELOPED, ENCRYPTED, AUTH_ENVELOPED };

/* RFC 5652, 14; RFC 3274, 4; RFC 5083, 2. The first bytes are those of 1.2.840.113549.1. */
#define PKCS "\x2a\x86\x48\x86\xf7\x0d\x01"
static const struct {
	const char *oid; /* none has a zero in it */
	const char *name;
	unsigned sequences; /* which SEQUENCE of the content holds it; 0: it is not in clear */
} types[] = {
	[DATA] = {PKCS "\x07\x01", "data", 0},
	[SIGNED] = {PKCS "\x07\x02", "signed-data", 1},
	[DIGESTED] = {PKCS "\x07\x05", "digested-data", 2},
	[AUTHENTICATED] = {PKCS "\x09\x10\x01\x02", "authenticated-data", 2},
	[COMPRESSED] = {PKCS "\x09\x10\x01\x09", "compressed-data", 2},
	[ENVELOPED] = {PKCS "\x07\x03", "enveloped-data", 0},
	[ENCRYPTED] = {PKCS "\x07\x06", "encrypted-data", 0},
	[AUTH_ENVELOPED] = {PKCS "\x09\x10\x01\x17", "auth-enveloped-data", 0},
};
#define TYPES (sizeof(types) / sizeof(types[0]))

/* What an open element is, and so what its children mean. */
enum role { INFO, INFO_CONTENT, CONTENT, ENCAPSULATED, OCTETS, OTHER };

struct frame {
	enum role role;
	bool indefinite;
	uint64_t end; /* in the layer's stream, where it is not */
	unsigned children, sequences;
};

enum state {
	ELEMENT,
	OPENED,	  /* the content begins: it is a member */
	CONTENTS, /* bytes of the content */
	SKIPPED,  /* of something else */
	INNER,	  /* the content is complete */
	OVER,	  /* and so is the whole */
	DECRYPTED,
	TOLD,
	TRAILER,
	BROKEN,
};

struct cms {
	struct tw_layer layer;
	enum state state;
	enum type type;
	struct frame frames[DEPTH];
	unsigned count;
	uint64_t left;	/* of the element at hand */
	uint64_t passed; /* bytes in all */
	bool met;	/* the content was */
	bool broken;
	bool keeping;	/* all of it, to be decrypted */
	struct tw_buffer kept, content;
	size_t given;
	struct tw_inflate inflate;
};

/* ---- what it is -------------------------------------------------------------------------- */

/* The type that an OBJECT IDENTIFIER names, or TYPES; *ret_open: it may be longer than this. */
static unsigned find_type(struct tw_slice oid, bool *ret_open)
{
	*ret_open = false;
	for (unsigned i = 0; i < TYPES; i++) {
		if (tw_slice_is(oid, types[i].oid))
			return i;
		*ret_open |= tw_slice_starts(tw_slice_string(types[i].oid), oid);
	}
	return TYPES;
}

static int cms_probe(struct tw_slice head, bool end)
{
	struct tw_ber outer, oid;
	bool open;
	if (head.length > 0 && tw_slice_at(head, 0) != (0x20 | TW_BER_SEQUENCE))
		return 0;
	int status = tw_ber_read(head, &outer);
	if (status > 0)
		head = tw_slice_from(head, outer.head);
	if (status > 0 && head.length > 0 && tw_slice_at(head, 0) != TW_BER_OID)
		return 0;
	if (status > 0)
		status = tw_ber_read(head, &oid);
	if (status <= 0)
		return status < 0 || end ? 0 : -1;
	struct tw_slice value = tw_slice_part(head, oid.head, oid.length < 64 ? (size_t)oid.length : 64);
	if (find_type(value, &open) < TYPES && value.length == oid.length)
		return 1;
	return open && value.length < oid.length && !end ? -1 : 0;
}

static int cms_open(struct tw_layer **ret_layer)
{
	struct cms *cms = calloc(1, sizeof(*cms));
	if (cms == NULL)
		return TW_ERROR_MEMORY;
	cms->keeping = true;
	*ret_layer = &cms->layer;
	return TW_OK;
}

static void cms_close(struct tw_layer *layer)
{
	struct cms *cms = (struct cms *)layer;
	tw_inflate_end(&cms->inflate);
	tw_buffer_free(&cms->kept);
	tw_buffer_free(&cms->content);
	free(cms);
}

/* ---- the walk ------------------------------------------------------------------------------ */

static void stop_keeping(struct cms *cms)
{
	cms->keeping = false;
	tw_buffer_free(&cms->kept);
}

static void take(struct cms *cms, size_t length)
{
	const struct tw_unwrap_settings *settings = cms->layer.settings;
	struct tw_slice bytes = tw_slice_part(cms->layer.input, 0, length);
	if (cms->keeping)
		tw_buffer_append_slice(&cms->kept, bytes);
	if (cms->keeping && (settings->keys == NULL || cms->kept.length > settings->decrypted))
		stop_keeping(cms);
	cms->passed += bytes.length;
	tw_layer_take(&cms->layer, bytes.length);
}

static enum tw_layer_verdict lose(struct cms *cms, const char *why)
{
	cms->state = BROKEN;
	return tw_layer_problem(&cms->layer, "unwrap.corrupt", 0, "the ASN.1 of the cms cannot be read: %s", why);
}

static struct frame *top(struct cms *cms)
{
	return cms->count == 0 ? NULL : &cms->frames[cms->count - 1];
}

static bool is_opaque(const struct cms *cms)
{
	return cms->type >= ENVELOPED;
}

/* The element closes. The one that holds the content is what a member ends with. */
static enum tw_layer_verdict pop(struct cms *cms)
{
	cms->count--;
	bool within = false;
	for (unsigned i = 0; i < cms->count; i++)
		within |= cms->frames[i].role == OCTETS;
	if (cms->frames[cms->count].role == OCTETS && !within && cms->layer.in_member)
		cms->state = INNER;
	else if (cms->count == 0)
		cms->state = OVER;
	return TW_LAYER_ON;
}

/* What a constructed child of the open element is. */
static enum role role_of(struct cms *cms, const struct frame *parent, const struct tw_ber *ber)
{
	bool sequence = tw_ber_is(ber, TW_BER_UNIVERSAL, TW_BER_SEQUENCE);
	bool explicit = tw_ber_is(ber, TW_BER_CONTEXT, 0) && parent != NULL && parent->children == 2;
	switch (parent == NULL ? OTHER : parent->role) {
	case INFO:
		return !explicit || is_opaque(cms) ? OTHER : cms->type == DATA ? OCTETS : INFO_CONTENT;
	case INFO_CONTENT:
		return sequence ? CONTENT : OTHER;
	case CONTENT:
		return sequence && parent->sequences == types[cms->type].sequences ? ENCAPSULATED : OTHER;
	case ENCAPSULATED:
		return explicit ? OCTETS : OTHER;
	case OCTETS:
		return tw_ber_is(ber, TW_BER_UNIVERSAL, TW_BER_OCTETS) ? OCTETS : OTHER;
	case OTHER:
		break;
	}
	return parent == NULL ? INFO : OTHER;
}

static enum tw_layer_verdict enter(struct cms *cms, const struct tw_ber *ber, enum role role)
{
	uint64_t start = cms->layer.offset;
	if (cms->count == DEPTH)
		return lose(cms, "elements in each other too deep");
	cms->frames[cms->count++] = (struct frame){.role = role, .indefinite = ber->indefinite,
						   .end = start + ber->length};
	if (role == OCTETS && !cms->met) {
		cms->met = true;
		cms->state = OPENED;
	}
	return TW_LAYER_ON;
}

/* contentType: the first child of a ContentInfo. */
static enum tw_layer_verdict read_type(struct cms *cms, const struct tw_ber *ber)
{
	struct tw_slice value = tw_slice_part(cms->layer.input, ber->head, ber->length < 64 ? (size_t)ber->length : 64);
	bool open;
	if (value.length < ber->length && value.length < 64)
		return TW_LAYER_NEED;
	unsigned type = tw_ber_is(ber, TW_BER_UNIVERSAL, TW_BER_OID) ? find_type(value, &open) : TYPES;
	if (type == TYPES)
		return lose(cms, "no type that is known");
	cms->type = (enum type)type;
	top(cms)->children++;
	take(cms, ber->head + value.length);
	if (!is_opaque(cms))
		stop_keeping(cms);
	return TW_LAYER_ON;
}

/* The head of the next element was read, and it lies within the one that is open. */
static enum tw_layer_verdict take_element(struct cms *cms, const struct tw_ber *ber)
{
	struct frame *parent = top(cms);
	if (parent != NULL && parent->role == INFO && parent->children == 0)
		return read_type(cms, ber);
	if (parent != NULL) {
		parent->children++;
		parent->sequences += tw_ber_is(ber, TW_BER_UNIVERSAL, TW_BER_SEQUENCE);
	}
	enum role role = role_of(cms, parent, ber);
	bool octets = parent != NULL && parent->role == OCTETS && tw_ber_is(ber, TW_BER_UNIVERSAL, TW_BER_OCTETS);
	take(cms, ber->head);
	if (parent != NULL && parent->role == OCTETS && !octets)
		return lose(cms, "its content is no octet string");
	if (ber->constructed && (role != OTHER || ber->indefinite))
		return enter(cms, ber, role);
	cms->left = ber->length;
	cms->state = octets ? CONTENTS : SKIPPED;
	return TW_LAYER_ON;
}

static enum tw_layer_verdict read_element(struct cms *cms)
{
	struct tw_layer *layer = &cms->layer;
	struct frame *parent = top(cms);
	struct tw_ber ber;
	if (parent != NULL && !parent->indefinite && layer->offset >= parent->end)
		return pop(cms);
	int status = tw_ber_read(tw_slice_part(layer->input, 0, TW_BER_HEAD), &ber);
	if (status == 0)
		return TW_LAYER_NEED;
	if (status < 0)
		return lose(cms, "no element");
	if (parent != NULL && parent->indefinite && ber.head == 2 && ber.length == 0 && !ber.constructed &&
	    tw_ber_is(&ber, TW_BER_UNIVERSAL, TW_BER_END)) {
		take(cms, ber.head);
		return pop(cms);
	}
	if (parent == NULL && !tw_ber_is(&ber, TW_BER_UNIVERSAL, TW_BER_SEQUENCE))
		return lose(cms, "no sequence");
	/* Only the innermost definite length counts: each lies within the one around it. */
	for (unsigned i = cms->count; i-- > 0;)
		if (!cms->frames[i].indefinite) {
			uint64_t room = cms->frames[i].end - layer->offset;
			if (layer->offset > cms->frames[i].end || ber.head > room || ber.length > room - ber.head)
				return lose(cms, "an element is longer than the one it is in");
			break;
		}
	return take_element(cms, &ber);
}

/* ---- the content --------------------------------------------------------------------------- */

static enum tw_layer_verdict begin_content(struct cms *cms)
{
	cms->state = ELEMENT;
	if (cms->type == COMPRESSED && tw_inflate_begin(&cms->inflate, ZLIB) < 0)
		return TW_LAYER_FAIL;
	return tw_layer_member(&cms->layer, tw_slice_string(types[cms->type].name));
}

static enum tw_layer_verdict read_compressed(struct cms *cms)
{
	struct tw_inflate *inflate = &cms->inflate;
	size_t before = cms->layer.input.length;
	if ((inflate->ended && !inflate->over) || cms->broken) {
		cms->state = SKIPPED;
		return TW_LAYER_ON;
	}
	enum tw_layer_verdict verdict = tw_inflate_step(inflate, &cms->layer, cms->left);
	cms->left -= before - cms->layer.input.length;
	if (verdict == TW_LAYER_NEED && cms->left == 0) {
		cms->state = ELEMENT;
		return TW_LAYER_ON;
	}
	if (verdict != TW_LAYER_ON || (!inflate->corrupt && !inflate->over))
		return verdict;
	cms->broken = true;
	return tw_inflate_problem(inflate, &cms->layer);
}

static enum tw_layer_verdict read_contents(struct cms *cms)
{
	struct tw_layer *layer = &cms->layer;
	if (cms->type == COMPRESSED && cms->state == CONTENTS)
		return read_compressed(cms);
	if (cms->left == 0) {
		cms->state = ELEMENT;
		return TW_LAYER_ON;
	}
	struct tw_slice bytes = tw_slice_part(layer->input, 0, TW_LAYER_BLOCK);
	if (bytes.length == 0)
		return TW_LAYER_NEED;
	if (bytes.length > cms->left)
		bytes.length = (size_t)cms->left;
	take(cms, bytes.length);
	if (cms->kept.failed)
		return TW_LAYER_FAIL;
	cms->left -= bytes.length;
	return cms->state == CONTENTS ? tw_layer_bytes(layer, bytes) : TW_LAYER_ON;
}

static enum tw_layer_verdict end_content(struct cms *cms)
{
	if (cms->type == COMPRESSED && !cms->inflate.ended && !cms->broken) {
		cms->broken = true;
		return tw_layer_problem(&cms->layer, "unwrap.corrupt", 0,
					"the compressed data of the cms ends early");
	}
	cms->state = cms->count == 0 ? OVER : ELEMENT;
	return tw_layer_member_end(&cms->layer, !cms->broken);
}

/* ---- what is encrypted, and the end ---------------------------------------------------------- */

static enum tw_layer_verdict end_whole(struct cms *cms)
{
	struct tw_layer *layer = &cms->layer;
	const struct tw_unwrap_settings *settings = layer->settings;
	cms->state = is_opaque(cms) ? DECRYPTED : TRAILER;
	if (!is_opaque(cms) && !cms->met)
		return tw_layer_problem(layer, "unwrap.detached", 0, "%s without what it belongs to",
					types[cms->type].name);
	if (!is_opaque(cms))
		return TW_LAYER_ON;
	int status = TW_ERROR_INVALID;
	if (cms->keeping && cms->type != ENCRYPTED)
		status = tw_unwrap_keys_decrypt(settings->keys, tw_buffer_slice(&cms->kept), &cms->content);
	if (status == TW_ERROR_MEMORY)
		return TW_LAYER_FAIL;
	cms->broken = status < 0;
	tw_buffer_free(&cms->kept);
	enum tw_layer_verdict verdict = tw_layer_member(layer, tw_slice_string(types[cms->type].name));
	layer->given.opaque = cms->broken;
	return verdict;
}

static enum tw_layer_verdict give_decrypted(struct cms *cms)
{
	struct tw_layer *layer = &cms->layer;
	const struct tw_unwrap_settings *settings = layer->settings;
	struct tw_slice bytes = tw_slice_part(tw_buffer_slice(&cms->content), cms->given, TW_LAYER_BLOCK);
	cms->given += bytes.length;
	if (bytes.length > 0 && !cms->broken)
		return tw_layer_bytes(layer, bytes);
	cms->state = TOLD;
	if (!cms->broken)
		return TW_LAYER_ON;
	return tw_layer_problem(layer, "unwrap.opaque", cms->passed, "%s: %s", types[cms->type].name,
				settings->keys == NULL	      ? "encrypted, and there is no key"
				: cms->type == ENCRYPTED      ? "encrypted with a key that is not in it"
				: cms->keeping		      ? "encrypted for another key, or damaged"
							      : "larger than limits.decrypted_bytes");
}

static enum tw_layer_verdict end_decrypted(struct cms *cms)
{
	cms->state = TRAILER;
	return tw_layer_member_end(&cms->layer, !cms->broken);
}

/* Line ends and zeros pad what was written as text or in blocks. */
static enum tw_layer_verdict read_trailer(struct cms *cms)
{
	struct tw_layer *layer = &cms->layer;
	int byte = tw_slice_at(layer->input, 0);
	while (byte == '\r' || byte == '\n' || byte == 0) {
		tw_layer_take(layer, 1);
		byte = tw_slice_at(layer->input, 0);
	}
	return byte >= 0 ? TW_LAYER_LOST : layer->end ? TW_LAYER_DONE : TW_LAYER_NEED;
}

static enum tw_layer_verdict give_up(struct cms *cms)
{
	(void)cms;
	return TW_LAYER_LOST;
}

static enum tw_layer_verdict cms_step(struct tw_layer *layer)
{
	static enum tw_layer_verdict (*const steps[])(struct cms *cms) = {
		[ELEMENT] = read_element, [OPENED] = begin_content,	[CONTENTS] = read_contents,
		[SKIPPED] = read_contents, [INNER] = end_content,	[OVER] = end_whole,
		[DECRYPTED] = give_decrypted, [TOLD] = end_decrypted,	[TRAILER] = read_trailer,
		[BROKEN] = give_up,
	};
	struct cms *cms = (struct cms *)layer;
	return steps[cms->state](cms);
}

const struct tw_layer_kind tw_layer_cms = {
	.name = "cms",
	.probe = cms_probe,
	.open = cms_open,
	.close = cms_close,
	.step = cms_step,
};
