parser_LTLIBRARIES += %D%/x12.la
%C%_x12_la_SOURCES = \
	%D%/binary.c \
	%D%/service.c \
	%D%/start.c \
	%D%/syntax.c %D%/syntax.h \
	%D%/values.c \
	%D%/x12.c %D%/x12.h
%C%_x12_la_LDFLAGS = $(PARSER_LDFLAGS)
