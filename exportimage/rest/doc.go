// Package rest serves image services over HTTP as ArcGIS does, for ArcGIS's clients.
//
//	http.Handle("/scene/", http.StripPrefix("/scene", rest.NewHandler(service, nil)))
//
// NewHandler serves one service: the operation Export Image, the service's description, its legend, statistics and
// other resources, and pages for people. NewDirectory serves several in the layout of an ArcGIS Server. Options, which
// may be nil, are the same for both.
//
// Every answer is made with packages exportimage and exportimage/params, which any Go program can use as well. A new
// operation is a file of its own: a method of responder that answers it, and a line in the table of operations in
// handler.go.
package rest
