parser_LTLIBRARIES += %D%/cargo_imp.la
%C%_cargo_imp_la_SOURCES = \
	%D%/cargo_imp.c %D%/cargo_imp.h \
	%D%/header.c %D%/header.h \
	%D%/line.c %D%/line.h \
	%D%/message.c \
	%D%/types.c %D%/types.h
%C%_cargo_imp_la_LDFLAGS = $(PARSER_LDFLAGS)
