parser_LTLIBRARIES += %D%/xml.la
%C%_xml_la_SOURCES = \
	%D%/xml.c %D%/xml.h \
	%D%/align.c \
	%D%/attribute.c \
	%D%/decode.c %D%/decode.h \
	%D%/document.c \
	%D%/feed.c \
	%D%/find.c \
	%D%/message.c \
	%D%/tell.c
%C%_xml_la_CFLAGS = $(AM_CFLAGS) $(XML_CFLAGS)
%C%_xml_la_LIBADD = $(XML_LIBS)
%C%_xml_la_LDFLAGS = $(PARSER_LDFLAGS)
