// Package rest serves image services over HTTP the way ArcGIS does, for the clients that speak to it.
//
//	http.Handle("/scene/", http.StripPrefix("/scene", rest.NewHandler(service, nil)))
//
// NewHandler serves one service: the operation Export Image, the service's description, its legend, statistics and
// other resources, and pages for people. NewDirectory serves several, laid out as an ArcGIS Server does it. Options,
// which may be nil, are the same for both.
//
// Every answer is made of what packages exportimage and exportimage/params offer to any Go program. A new operation is
// a file of its own: a method of responder that answers it, and a line in the table of operations in handler.go.
package rest
