plugin_LTLIBRARIES += %D%/routing_anomaly.la
%C%_routing_anomaly_la_SOURCES = \
	%D%/routing_anomaly.h \
	%D%/routing_anomaly.c \
	%D%/goods.c \
	%D%/parties.c \
	%D%/patterns.c \
	%D%/places.c
%C%_routing_anomaly_la_LDFLAGS = $(PLUGIN_LDFLAGS)
%C%_routing_anomaly_la_LIBADD = -lm
